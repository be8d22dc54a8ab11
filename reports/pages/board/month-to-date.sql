/*---
report: 1
title: [本月至今, The month so far]
describe: ["本月已过的天数，与上月同样天数相比", "The days of the month so far, against as many days of the month before"]
owner: analytics
columns:
  span:          { role: detail, label: [期间, Period] }
  net_sales:     { role: measure, metric: revenue_net }
  orders:        { role: measure, metric: orders }
  aov_net:       { role: measure, metric: aov_net }
  new_customers: { role: measure, metric: new_customers }
  points_issued: { role: measure, metric: points_issued }
  points_spent:  { role: measure, metric: points_spent }
chart: { kind: kpi, y: net_sales }
limits: { rows: 2, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with months as (
  select
    back.months,
    (date_trunc('month', (programme_days.known_until - 1)::timestamp) - make_interval(months => back.months))::date as from_on,
    least(
      (programme_days.known_until::timestamp - make_interval(months => back.months))::date,
      (date_trunc('month', (programme_days.known_until - 1)::timestamp) - make_interval(months => back.months - 1))::date
    ) as until_on
  from report.programme_days
  cross join (values (0), (1)) as back (months)
  where programme_days.known_until is not null
)

select
  to_char(months.from_on, 'MM-DD') || ' – ' || to_char(months.until_on - 1, 'MM-DD') as span,
  coalesce(orders.net_amount, 0) as net_sales,
  coalesce(orders.order_count, 0)::bigint as orders,
  round(orders.net_amount / nullif(orders.order_count, 0), 2) as aov_net,
  coalesce(starts.customer_count, 0)::bigint as new_customers,
  coalesce(points.issued_points, 0)::bigint as points_issued,
  coalesce(points.spent_points, 0)::bigint as points_spent
from months
left join lateral (
  select
    sum(order_days.order_count) as order_count,
    sum(order_days.net_amount) as net_amount
  from report.order_days
  where order_days.day >= months.from_on
    and order_days.day < months.until_on
) as orders
  on true
left join lateral (
  select sum(first_order_days.customer_count) as customer_count
  from report.first_order_days
  where first_order_days.first_order_on >= months.from_on
    and first_order_days.first_order_on < months.until_on
) as starts
  on true
left join lateral (
  select
    sum(points_days.issued_points) as issued_points,
    sum(points_days.spent_points) as spent_points
  from report.points_days
  where points_days.day >= months.from_on
    and points_days.day < months.until_on
) as points
  on true
order by months.months
