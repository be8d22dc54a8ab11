/*---
report: 1
title: [流失原因与挽留建议, Why customers leave and what to do]
describe: ["中高流失风险的客户是因为什么、建议怎么挽留、涉及多少未来价值；点击柱子查看名单", "Customers at medium or high risk: why, what is suggested, and what they are worth. Click a column to see them"]
owner: analytics
columns:
  reason:           { role: category, label: [原因, Reason], labels: { longer_than_usual: [沉默超过往常间隔, Quiet for longer than usual], one_order: [首单后再未下单, Bought once and not again] } }
  suggested_action: { role: series, label: [建议动作, Suggested action], labels: { message: [关怀触达, A message], coupon: [发放唤醒券, A coupon], contact: [一对一联系, Contact] } }
  churn_reason:     { role: detail, hidden: true, label: [原因, Reason] }
  customers:        { role: measure, metric: customers }
  value:            { role: measure, metric: customer_value_12m }
  value_each:       { role: measure, metric: customer_value_12m_per_customer }
  quiet_days:       { role: measure, metric: quiet_days }
chart: { kind: stacked, x: reason, y: customers, color: suggested_action }
drill: { to: "resource:customer_values", pass: [churn_reason, suggested_action] }
run: { mode: cached, ttl: 15m }
limits: { rows: 50, timeout: 15s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  customer_values.churn_reason as reason,
  customer_values.suggested_action,
  customer_values.churn_reason,
  count(*) as customers,
  sum(customer_values.expected_amount) as value,
  round(sum(customer_values.expected_amount) / count(*), 2) as value_each,
  percentile_cont(0.5) within group (order by customer_values.quiet_days)::numeric as quiet_days
from report.customer_values
where customer_values.churn_risk <> 'low'
group by customer_values.churn_reason, customer_values.suggested_action
order by customer_values.churn_reason, array_position(array['message', 'coupon', 'contact'], customer_values.suggested_action)
