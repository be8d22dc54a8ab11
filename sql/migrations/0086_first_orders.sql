-- What two years of reports would otherwise count customer by customer: first orders by day, and who of a period's buyers bought
-- in the one before, too.

create table app.first_order_day (
  day date primary key,
  customer_count bigint not null,
  repurchased_30d_count bigint not null
);
comment on table app.first_order_day is
  'One row per day on which known customers placed their first order: how many, and how many of them ordered again 1 to 30 days later. Adds up app.customer_start.';

insert into app.first_order_day (day, customer_count, repurchased_30d_count)
select
  customer_start.first_order_on,
  count(*),
  count(*) filter (where customer_start.second_order_on <= customer_start.first_order_on + 30)
from app.customer_start
group by customer_start.first_order_on;

alter table app.order_period add column retained_buyer_count bigint not null default 0;
comment on table app.order_period is
  'Distinct counts that days cannot add up to, per calendar month and week (from Monday): known customers with an order, with two or more, and with one in the period before, too.';

with grains (grain, length) as (
  values ('week', interval '1 week'), ('month', interval '1 month')
),

buyers as (
  select distinct
    grains.grain,
    date_trunc(grains.grain, customer_day.day::timestamp)::date as starts_on,
    (date_trunc(grains.grain, customer_day.day::timestamp) + grains.length)::date as ends_on,
    customer_day.customer_id
  from app.customer_day
  cross join grains
  where customer_day.order_count > 0
),

retained as (
  select
    buyers.grain,
    buyers.starts_on,
    count(*) as buyer_count
  from buyers
  inner join buyers as earlier
    on earlier.grain = buyers.grain
    and earlier.customer_id = buyers.customer_id
    and earlier.ends_on = buyers.starts_on
  group by buyers.grain, buyers.starts_on
)

update app.order_period
set retained_buyer_count = retained.buyer_count
from retained
where retained.grain = order_period.grain
  and retained.starts_on = order_period.starts_on;
