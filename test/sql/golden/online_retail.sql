-- From the raw lines to facts, as an import would: one order = one invoice, cancellations are returns that name no order.
update app.settings set time_zone = 'Europe/London';

create temp table lines as
select
  regexp_replace(raw.customer, '\.0$', '') as customer,
  raw.invoice,
  raw.at,
  raw.at::timestamp at time zone 'Europe/London' as happened_at,
  round(raw.quantity::integer * raw.price::numeric(14, 4), 2) as amount,
  raw.quantity::integer > 0 and raw.price::numeric > 0 and raw.invoice not like 'C%' as sold,
  raw.invoice like 'C%' as taken_back
from raw
where raw.customer <> '';

insert into app.customers (external_id, enrolled_at, enrolled_on, channel)
select lines.customer, min(lines.happened_at), min(lines.at::date), 'import'
from lines
group by lines.customer;

insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount)
select customers.id, 'online_retail', lines.invoice, min(lines.happened_at), min(lines.at::date), sum(lines.amount)
from lines
inner join app.customers on customers.external_id = lines.customer
where lines.sold
group by customers.id, lines.invoice;

insert into app.returns (customer_id, source, external_id, amount, returned_at, returned_on)
select customers.id, 'online_retail', lines.invoice, -sum(lines.amount), min(lines.happened_at), min(lines.at::date)
from lines
inner join app.customers on customers.external_id = lines.customer
where lines.taken_back
group by customers.id, lines.invoice;

select
  ops.mark_dirty('orders', array(select placed_on from app.orders)),
  ops.mark_dirty('returns', array(select returned_on from app.returns));
