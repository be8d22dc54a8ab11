/*---
report: 1
title: [客户价值十分位, Customer value by tenths]
describe: ["按未来 12 个月价值从高到低分成十等份：头部客户占多少", "Customers by the value of their next 12 months, in tenths from the highest: how much the first ones carry"]
owner: analytics
columns:
  tenth:           { role: category, label: [十分位, Tenth] }
  value:           { role: measure, metric: customer_value_12m }
  customers:       { role: measure, metric: customers }
  value_each:      { role: measure, metric: customer_value_12m_per_customer }
  expected_orders: { role: measure, metric: expected_orders_12m }
chart: { kind: column, x: tenth, y: value }
run: { mode: cached, ttl: 15m }
limits: { rows: 10, timeout: 15s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with ranked as (
  select
    ntile(10) over (order by customer_values.expected_amount desc, customer_values.customer_id) as tenth,
    customer_values.expected_amount,
    customer_values.expected_orders
  from report.customer_values
)

select
  ranked.tenth,
  sum(ranked.expected_amount) as value,
  count(*) as customers,
  round(sum(ranked.expected_amount) / count(*), 2) as value_each,
  round(sum(ranked.expected_orders), 1) as expected_orders
from ranked
group by ranked.tenth
order by ranked.tenth
