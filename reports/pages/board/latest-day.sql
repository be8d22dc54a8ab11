/*---
report: 1
title: [昨日, The latest day]
describe: ["最近一个完整日，与一周前的同一天相比", "The latest whole day, against the same weekday a week before"]
owner: analytics
columns:
  day:           { role: detail, label: [日期, Date] }
  net_sales:     { role: measure, metric: revenue_net }
  orders:        { role: measure, metric: orders }
  aov_net:       { role: measure, metric: aov_net }
  buyers:        { role: measure, metric: buyers }
  new_customers: { role: measure, metric: new_customers }
chart: { kind: kpi, y: net_sales }
limits: { rows: 2, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

-- known_until is never later than today: the day before it is whole.
with whole as (
  select programme_days.known_until - 1 - weeks.back as day
  from report.programme_days
  cross join (values (0), (7)) as weeks (back)
  where programme_days.known_until is not null
)

select
  whole.day,
  coalesce(orders.net_amount, 0) as net_sales,
  coalesce(orders.order_count, 0)::bigint as orders,
  round(orders.net_amount / nullif(orders.order_count, 0), 2) as aov_net,
  coalesce(buyers.buyer_count, 0) as buyers,
  coalesce(starts.customer_count, 0)::bigint as new_customers
from whole
left join lateral (
  select
    sum(order_days.order_count) as order_count,
    sum(order_days.net_amount) as net_amount
  from report.order_days
  where order_days.day = whole.day
) as orders
  on true
left join lateral (
  select count(*) as buyer_count
  from report.customer_days
  where customer_days.day = whole.day
    and customer_days.order_count > 0
) as buyers
  on true
left join lateral (
  select sum(first_order_days.customer_count) as customer_count
  from report.first_order_days
  where first_order_days.first_order_on = whole.day
) as starts
  on true
order by whole.day desc
