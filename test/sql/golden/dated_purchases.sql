-- Purchases that have a customer, a day and an amount and nothing else: each is an order of its own.
insert into app.customers (external_id, enrolled_at, enrolled_on, channel)
select raw.customer, min(raw.day::date), min(raw.day::date), 'import'
from raw
group by raw.customer;

insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount)
select
  customers.id,
  'file',
  row_number() over (order by raw.day, raw.customer, raw.amount),
  raw.day::timestamp at time zone 'Asia/Shanghai',
  raw.day::date,
  raw.amount::numeric
from raw
inner join app.customers on customers.external_id = raw.customer;

select ops.mark_dirty('orders', array(select placed_on from app.orders));
