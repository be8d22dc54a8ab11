create view base.returns as

select
  returns.id as return_id,
  returns.customer_id,
  returns.customer_id <> 0 as identified,
  returns.order_id,
  returns.returned_at,
  returns.returned_on,
  returns.sku,
  returns.quantity,
  returns.amount,
  returns.reason
from app.returns;

comment on view base.returns is
  'Returns
One row per return, of a whole order, of a line or of an amount; order_id is empty where no known order is named.';
