/*---
report: 1
title: [沉默天数分布, How long customers have been quiet]
describe: ["离最近一单多少天的客户各有多少，按流失风险着色；点击柱子查看名单", "Customers by the days since their last order, coloured by churn risk. Click a column to see them"]
owner: analytics
columns:
  quiet:      { role: category, label: [沉默天数, Days since the last order] }
  churn_risk: { role: series, label: [流失风险, Churn risk], labels: { low: [低, Low], medium: [中, Medium], high: [高, High] } }
  customers:  { role: measure, metric: customers }
  value:      { role: measure, metric: customer_value_12m }
chart: { kind: stacked, x: quiet, y: customers, color: churn_risk }
drill: { to: "resource:customer_values", pass: [churn_risk] }
run: { mode: cached, ttl: 15m }
limits: { rows: 100, timeout: 15s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with bands as (
  select
    width_bucket(customer_values.quiet_days, array[31, 61, 91, 121, 181, 366]) as band,
    customer_values.churn_risk,
    customer_values.expected_amount
  from report.customer_values
)

select
  (array['0–30', '31–60', '61–90', '91–120', '121–180', '181–365', '366+'])[bands.band + 1] as quiet,
  bands.churn_risk,
  count(*) as customers,
  sum(bands.expected_amount) as value
from bands
group by bands.band, bands.churn_risk
order by bands.band, array_position(array['low', 'medium', 'high'], bands.churn_risk)
