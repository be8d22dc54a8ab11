/*---
report: 1
title: [同期群留存（首单后每 30 天）, "Cohorts, 30 days at a time"]
describe: ["按首单月份分群，看每位客户首单后第 1–30 天、31–60 天……是否再次下单；未满期的格子留灰，不足 30 人不算比例", "Customers by the month of their first order: who ordered again on days 1-30, 31-60, … after their own first order. Cells that are not over for all stay grey; below 30 customers there is no rate"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [首单月份, First orders in] }
columns:
  cohort:    { role: category, label: [首单月份, First orders in] }
  days:      { role: category, label: [首单后天数, Days after the first order] }
  rate:      { role: measure, metric: cohort_retention }
  buyers:    { role: measure, metric: cohort_buyers }
  customers: { role: weight, metric: cohort_customers }
chart: { kind: cell, x: days, y: cohort, value: rate }
limits: { rows: 400, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  to_char(cohort_steps.cohort_on, 'YYYY-MM') as cohort,
  (30 * cohort_steps.step - 29) || '–' || (30 * cohort_steps.step) as days,
  case
    when cohort_steps.mature and cohort_steps.customer_count >= 30
      then round(cohort_steps.buyer_count::numeric / cohort_steps.customer_count, 6)
  end as rate,
  case when cohort_steps.mature then cohort_steps.buyer_count end as buyers,
  cohort_steps.customer_count as customers
from report.cohort_steps
where cohort_steps.kind = 'days'
  and cohort_steps.step <= 12
  and cohort_steps.cohort_on >= date_trunc('month', :period_from::timestamp)
  and cohort_steps.cohort_on < :period_to
  and cohort_steps.cohort_count >= 5
order by cohort_steps.cohort_on, cohort_steps.step
