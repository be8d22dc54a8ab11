/*---
report: 1
title: [每月复购率, Repurchase by month]
describe: ["当月下过两单及以上的客户占当月下单客户的比例；浅色带是 95% 威尔逊区间", "Customers with two or more orders among the month's buyers; the ribbon is the 95% Wilson interval"]
owner: analytics
params:
  period: { type: daterange, default: all, label: [日期, Period] }
columns:
  month_on:      { role: time }
  rate:          { role: measure, metric: repurchase_rate }
  rate_low:      { role: measure, metric: repurchase_rate, label: [区间下限, Lower bound] }
  rate_high:     { role: measure, metric: repurchase_rate, label: [区间上限, Upper bound] }
  repeat_buyers: { role: measure, metric: repeat_buyers }
  buyers:        { role: weight, metric: buyers }
  new_rate:      { role: measure, metric: new_customer_repurchase_30d }
  mature_new_customers: { role: weight, metric: mature_new_customers }
chart: { kind: line, x: month_on, y: rate, low: rate_low, high: rate_high }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

-- Wilson score interval with z = 1.96; a month nobody bought in has no rate.
with rates as (
  select
    order_months.*,
    order_months.repeat_buyer_count::numeric / nullif(order_months.buyer_count, 0) as p,
    nullif(order_months.buyer_count, 0)::numeric as n,
    3.8416 as z2
  from report.order_months
  where order_months.month_on >= :period_from
    and order_months.month_on < :period_to
),

intervals as (
  select
    rates.*,
    (rates.p + rates.z2 / (2 * rates.n)) / (1 + rates.z2 / rates.n) as middle,
    1.96 * sqrt(rates.p * (1 - rates.p) / rates.n + rates.z2 / (4 * rates.n * rates.n)) / (1 + rates.z2 / rates.n) as half
  from rates
)

select
  intervals.month_on,
  round(intervals.p, 6) as rate,
  round(greatest(intervals.middle - intervals.half, 0), 6) as rate_low,
  round(least(intervals.middle + intervals.half, 1), 6) as rate_high,
  intervals.repeat_buyer_count as repeat_buyers,
  intervals.buyer_count as buyers,
  intervals.new_customer_repurchase_rate as new_rate,
  intervals.mature_new_customer_count as mature_new_customers
from intervals
order by intervals.month_on
