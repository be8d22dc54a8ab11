-- Whose first order fell into the days since the last ones that were lived through.
insert into app.automation_entrants (work_id, customer_id, trigger_key)
select
  pg_current_xact_id()::text::bigint,
  first_orders.customer_id,
  'first_order ' || first_orders.id
from (
  select distinct on (orders.customer_id)
    orders.customer_id,
    orders.id,
    orders.placed_on
  from app.orders
  inner join app.customer_start
    on customer_start.customer_id = orders.customer_id
    and customer_start.first_order_on >= current_setting('seed.window_from')::date
    and customer_start.first_order_on < current_setting('seed.window_until')::date
  where orders.status in ('paid', 'completed')
  order by
    orders.customer_id,
    orders.placed_at,
    orders.id
) as first_orders
where first_orders.placed_on >= current_setting('seed.window_from')::date
  and first_orders.placed_on < current_setting('seed.window_until')::date;
