/*---
report: 1
title: [同期群累计价值, What cohorts have spent]
describe: ["按首单月份分群，平均每位客户到首单后第几个月累计净消费多少；只含已过完的月份，不足 30 人的群不显示", "Customers by the month of their first order: net spend per customer, added up month after month. Only months that are over; cohorts below 30 customers are left out"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [首单月份, First orders in] }
columns:
  cohort:    { role: series, label: [首单月份, First orders in] }
  months:    { role: category, label: [首单后第几个月, Months after] }
  spend:     { role: measure, metric: cohort_spend_per_customer }
  net_spend: { role: measure, metric: cohort_spend }
  customers: { role: weight, metric: cohort_customers }
chart: { kind: line, x: months, y: spend, color: cohort }
limits: { rows: 400, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with added as (
  select
    cohort_steps.cohort_on,
    cohort_steps.step,
    cohort_steps.customer_count,
    sum(cohort_steps.net_amount) over (partition by cohort_steps.cohort_on order by cohort_steps.step) as net_amount
  from report.cohort_steps
  where cohort_steps.kind = 'months'
    and cohort_steps.mature
    and cohort_steps.customer_count >= 30
    and cohort_steps.cohort_on >= date_trunc('month', :period_from::timestamp)
    and cohort_steps.cohort_on < :period_to
)

select
  to_char(added.cohort_on, 'YYYY-MM') as cohort,
  added.step as months,
  round(added.net_amount / added.customer_count, 2) as spend,
  added.net_amount as net_spend,
  added.customer_count as customers
from added
order by added.step, added.cohort_on
