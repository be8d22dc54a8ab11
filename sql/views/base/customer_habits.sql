create view base.customer_habits as

with latest as (
  select max(rfm_snapshots.as_of_on) as as_of_on
  from app.rfm_snapshots
)

select
  customer_rfm.customer_id,
  latest.as_of_on,
  greatest(latest.as_of_on - customer_rfm.last_order_on, 0) as recency_days,
  customer_rfm.order_count,
  customer_rfm.net_amount,
  ln(1 + greatest(latest.as_of_on - customer_rfm.last_order_on, 0))::double precision as recency,
  ln(customer_rfm.order_count)::double precision as frequency,
  ln(1 + greatest(customer_rfm.net_amount, 0))::double precision as monetary
from app.customer_rfm
cross join latest
where customer_rfm.order_count > 0;

comment on view base.customer_habits is
  'Habits of customers
One row per customer with an order before the latest scoring day: days since the last, number and net value, and the logarithms of these.';
