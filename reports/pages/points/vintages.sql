/*---
report: 1
title: [各月发放积分的去向, What becomes of points]
describe: ["每月发放的积分：已兑换、预计还将兑换、预计沉淀。预计按更早月份的兑换进度推算（逐月进展系数），发放不足半年时没有参考价值", "Points by month of issue: redeemed, expected to be redeemed yet, and never. By the course of older months (age-to-age factors); of little use below half a year of issue"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [发放月份, Issued in] }
columns:
  month_on: { role: time }
  fate:     { role: series, label: [去向, Fate], labels: { redeemed: [已兑换, Redeemed], expected: [预计还将兑换, Expected yet], unredeemed: [预计沉淀, Breakage] } }
  points:   { role: measure, metric: points_by_fate }
  share:    { role: measure, metric: points_fate_share }
  issued:   { role: weight, metric: vintage_points }
chart: { kind: stacked, x: month_on, y: points, color: fate }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  points_vintages.earned_month_on as month_on,
  fates.fate,
  fates.points,
  round(fates.points::numeric / nullif(points_vintages.issued_points, 0), 6) as share,
  points_vintages.issued_points as issued
from report.points_vintages
cross join lateral (
  values
    ('redeemed', points_vintages.redeemed_points), ('expected', points_vintages.expected_points),
    ('unredeemed', points_vintages.unredeemed_points)
) as fates (fate, points)
where points_vintages.earned_month_on >= :period_from
  and points_vintages.earned_month_on < :period_to
order by points_vintages.earned_month_on, array_position(array['redeemed', 'expected', 'unredeemed'], fates.fate)
