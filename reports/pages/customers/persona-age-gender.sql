/*---
report: 1
title: [年龄与性别, Age and gender]
describe: ["每个年龄段各性别有多少客户、人均消费多少；不足 5 人的格子不显示", "Customers and their spend by age band and gender. Cells of fewer than five are not shown"]
owner: analytics
columns:
  age:       { role: category, label: [年龄, Age], labels: { under_18: [18 岁以下, Under 18], "18_24": [18–24 岁, 18-24], "25_34": [25–34 岁, 25-34], "35_44": [35–44 岁, 35-44], "45_54": [45–54 岁, 45-54], "55_over": [55 岁及以上, 55 and over], unknown: [未知, Unknown] } }
  gender:    { role: category, label: [性别, Gender], labels: { female: [女, Female], male: [男, Male], other: [其他, Other], unknown: [未填, Not told] } }
  customers: { role: measure, metric: customers }
  net_spend: { role: measure, metric: net_spend }
  net_spend_per_customer: { role: measure, metric: net_spend_per_customer }
chart: { kind: cell, x: age, y: gender, value: customers }
run: { mode: cached, ttl: 15m }
limits: { rows: 50, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  customer_personas.code as age,
  customer_personas.other_code as gender,
  customer_personas.customer_count as customers,
  customer_personas.net_amount as net_spend,
  round(customer_personas.net_amount / customer_personas.customer_count, 2) as net_spend_per_customer
from report.customer_personas
where customer_personas.trait = 'age_gender'
order by
  array_position(array['female', 'male', 'other', 'unknown'], customer_personas.other_code),
  array_position(array['under_18', '18_24', '25_34', '35_44', '45_54', '55_over', 'unknown'], customer_personas.code)
