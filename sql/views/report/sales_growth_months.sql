create view report.sales_growth_months as

with days as (
  select
    order_day.day,
    sum(order_day.amount - order_day.returned_amount - order_day.unlinked_returned_amount) as net_amount
  from app.order_day
  group by order_day.day
),

months as (
  select
    date_trunc('month', days.day::timestamp)::date as month_on,
    sum(days.net_amount) as net_amount
  from days
  group by 1
)

select
  months.month_on,
  months.net_amount,
  earlier.net_amount as earlier_net_amount,
  months.net_amount - earlier.net_amount as added_net_amount
from months
cross join base.programme
-- A month that goes on is measured by as many days of the one before.
cross join lateral (
  select sum(before.net_amount) as net_amount
  from days as before
  where before.day >= (months.month_on - interval '1 month')::date
    and before.day < months.month_on
    and (
      months.month_on < date_trunc('month', programme.observed_until::timestamp)
      or before.day < (programme.observed_until - interval '1 month')::date
    )
) as earlier;

comment on view report.sales_growth_months is
  '每月销售增长 / Sales growth by month
One row per calendar month with facts: net sales beside those of the month before; of a month that goes on, beside as many days of it.';

comment on column report.sales_growth_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.sales_growth_months.net_amount is
  '净销售额 / Net sales
Order value less returns.';
comment on column report.sales_growth_months.earlier_net_amount is
  '上月净销售额 / Net sales of the month before
Of the same number of days where this month is not over; empty: no facts.';
comment on column report.sales_growth_months.added_net_amount is
  '增加额 / Added
What this month has more than the one before.';
