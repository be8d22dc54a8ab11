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
compare: [target]
events: { tags: [price, holiday, incident, definition] }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  order_months.month_on,
  round(order_months.repeat_buyer_count::numeric / nullif(order_months.buyer_count, 0), 6) as rate,
  report.wilson_low(order_months.repeat_buyer_count, order_months.buyer_count) as rate_low,
  report.wilson_high(order_months.repeat_buyer_count, order_months.buyer_count) as rate_high,
  order_months.repeat_buyer_count as repeat_buyers,
  order_months.buyer_count as buyers,
  order_months.new_customer_repurchase_rate as new_rate,
  order_months.mature_new_customer_count as mature_new_customers
from report.order_months
where order_months.month_on >= :period_from
  and order_months.month_on < :period_to
order by order_months.month_on
