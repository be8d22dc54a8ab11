/*---
report: 1
title: [流失风险与客户价值, Churn risk and customer value]
describe: ["每档流失风险有多少客户、未来 12 个月价值多少；点击柱子查看客户与建议动作", "How many customers each risk holds and what they are worth in the next 12 months. Click a column to see them and what to do"]
owner: analytics
columns:
  risk:             { role: category, label: [流失风险, Churn risk] }
  suggested_action: { role: series, label: [建议动作, Suggested action], labels: { none: [无需干预, Nothing], message: [关怀触达, A message], coupon: [发放唤醒券, A coupon], contact: [一对一联系, Contact] } }
  churn_risk:       { role: detail, hidden: true, label: [流失风险, Churn risk] }
  value:            { role: measure, metric: customer_value_12m }
  customers:        { role: measure, metric: customers }
  value_each:       { role: measure, metric: customer_value_12m_per_customer }
  expected_orders:  { role: measure, metric: expected_orders_12m }
chart: { kind: stacked, x: risk, y: value, color: suggested_action }
drill: { to: "resource:customer_values", pass: [churn_risk, suggested_action] }
run: { mode: cached, ttl: 15m }
limits: { rows: 50, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case customer_values.churn_risk
    when 'low' then case when :lang = 'en' then 'Low' else '低' end
    when 'medium' then case when :lang = 'en' then 'Medium' else '中' end
    else case when :lang = 'en' then 'High' else '高' end
  end as risk,
  customer_values.suggested_action,
  customer_values.churn_risk,
  sum(customer_values.expected_amount) as value,
  count(*) as customers,
  round(sum(customer_values.expected_amount) / count(*), 2) as value_each,
  round(sum(customer_values.expected_orders), 1) as expected_orders
from report.customer_values
group by 1, 2, 3
order by array_position(array['low', 'medium', 'high'], customer_values.churn_risk), 2
