/*---
report: 1
title: [积分负债, Points liability]
describe: ["未使用积分中预计会被兑换的部分值多少钱（积分规则里的单位价值），每天计算一次", "What the points outstanding that should be redeemed are worth, at the value of a point in the points policy; worked out each day"]
owner: analytics
params:
  period: { type: daterange, default: last_90d, label: [日期, Period] }
columns:
  as_of_on:    { role: time }
  liability:   { role: measure, metric: points_liability }
  outstanding: { role: measure, metric: points_outstanding }
  breakage:    { role: measure, metric: points_breakage_rate }
  months:      { role: detail, label: [估算所用发放月数, Months of issue] }
chart: { kind: line, x: as_of_on, y: liability }
limits: { rows: 800, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  points_liability_days.as_of_on,
  points_liability_days.liability_amount as liability,
  points_liability_days.outstanding_points as outstanding,
  points_liability_days.breakage_rate as breakage,
  points_liability_days.vintage_months as months
from report.points_liability_days
where points_liability_days.as_of_on >= :period_from
  and points_liability_days.as_of_on < :period_to
order by points_liability_days.as_of_on
