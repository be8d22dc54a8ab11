/*---
report: 1
title: [同期群留存（自然月）, "Cohorts, by calendar month"]
describe: ["按首单月份分群，看之后每个自然月还有多少客户下单；还没过完的月份留灰，不足 30 人不算比例。与“首单后每 30 天”口径不同，不可混用", "Customers by the month of their first order: how many ordered in each calendar month after it. A month that goes on stays grey; below 30 customers there is no rate. Not to be mixed with the cohorts of 30 days"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [首单月份, First orders in] }
columns:
  cohort:    { role: category, label: [首单月份, First orders in] }
  months:    { role: category, label: [首单后第几个月, Months after] }
  rate:      { role: measure, metric: cohort_retention }
  buyers:    { role: measure, metric: cohort_buyers }
  customers: { role: weight, metric: cohort_customers }
chart: { kind: cell, x: months, y: cohort, value: rate }
limits: { rows: 400, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  to_char(cohort_steps.cohort_on, 'YYYY-MM') as cohort,
  cohort_steps.step as months,
  case
    when cohort_steps.mature and cohort_steps.customer_count >= 30
      then round(cohort_steps.buyer_count::numeric / cohort_steps.customer_count, 6)
  end as rate,
  case when cohort_steps.mature then cohort_steps.buyer_count end as buyers,
  cohort_steps.customer_count as customers
from report.cohort_steps
where cohort_steps.kind = 'months'
  and cohort_steps.step between 1 and 12
  and cohort_steps.cohort_on >= date_trunc('month', :period_from::timestamp)
  and cohort_steps.cohort_on < :period_to
  and cohort_steps.cohort_count >= 5
order by cohort_steps.cohort_on, cohort_steps.step
