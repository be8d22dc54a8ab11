/*---
report: 1
title: [使用积分与次月复购, Use of points and buying again]
describe: ["当月下单的客户里，用过积分的与没用过的，次月再次下单的比例。这是差异而非效果：爱买的客户本来就更有积分可用。次月未过完的不算，不足 30 人不算比例。每晚计算一次", "Buyers of a month who redeemed points in it, beside those who did not: how many bought again in the month after. A difference, not an effect: who buys more has more points to use. Months whose next is not over are left out; below 30 buyers there is no rate. Worked out once a night"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, max: 800d, label: [日期, Period] }
columns:
  month_on: { role: time }
  used:     { role: series, label: [客户, Buyers], labels: { "yes": [用过积分, Used points], "no": [没用积分, Did not] } }
  rate:     { role: measure, metric: bought_again_rate }
  low:      { role: measure, metric: bought_again_rate, label: [区间下限, Lower bound] }
  high:     { role: measure, metric: bought_again_rate, label: [区间上限, Upper bound] }
  again:    { role: measure, metric: bought_again }
  spend:    { role: measure, metric: next_month_spend }
  buyers:   { role: weight, metric: month_buyers }
chart: { kind: line, x: month_on, y: rate, color: used, low: low, high: high }
run: { mode: nightly }
limits: { rows: 100, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  points_effect_months.month_on,
  case when points_effect_months.used then 'yes' else 'no' end as used,
  round(points_effect_months.returned_count::numeric / points_effect_months.buyer_count, 6) as rate,
  report.wilson_low(points_effect_months.returned_count, points_effect_months.buyer_count) as low,
  report.wilson_high(points_effect_months.returned_count, points_effect_months.buyer_count) as high,
  points_effect_months.returned_count as again,
  round(points_effect_months.next_net_amount / points_effect_months.buyer_count, 2) as spend,
  points_effect_months.buyer_count as buyers
from report.points_effect_months
where points_effect_months.month_on >= :period_from
  and points_effect_months.month_on < :period_to
  and points_effect_months.mature
  and points_effect_months.buyer_count >= 30
order by points_effect_months.month_on, points_effect_months.used desc
