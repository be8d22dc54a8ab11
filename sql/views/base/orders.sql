create view base.orders as

select
  orders.id as order_id,
  orders.customer_id,
  orders.customer_id <> 0 as identified,
  orders.channel,
  orders.status,
  orders.placed_at,
  orders.placed_on,
  orders.discount_amount,
  orders.amount as gross_amount,
  orders.returned_amount,
  orders.amount - orders.returned_amount as net_amount,
  orders.coupon_code,
  orders.campaign_code
from app.orders
where orders.status <> 'cancelled';

comment on view base.orders is
  'Orders that were not cancelled
One row per order. net_amount is what is left after everything returned of it so far, whenever that was.';
