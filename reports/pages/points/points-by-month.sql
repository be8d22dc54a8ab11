/*---
report: 1
title: [每月积分收支, Points by month]
describe: ["每月发放、使用、过期与收回的积分", "Points issued, spent, expired and taken back each month"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
columns:
  month_on: { role: time }
  kind:     { role: series, label: [类型, Kind], labels: { issued: [发放, Issued], spent: [使用, Spent], expired: [过期, Expired], reversed: [收回, Taken back] } }
  points:   { role: measure, metric: points_moved }
chart: { kind: column, x: month_on, y: points, color: kind }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  date_trunc('month', points_days.day::timestamp)::date as month_on,
  kinds.kind,
  sum(kinds.points)::bigint as points
from report.points_days
cross join lateral (
  values
    ('issued', points_days.issued_points), ('spent', points_days.spent_points), ('expired', points_days.expired_points),
    ('reversed', points_days.reversed_points)
) as kinds (kind, points)
where points_days.day >= :period_from
  and points_days.day < :period_to
group by 1, 2
order by 1, array_position(array['issued', 'spent', 'expired', 'reversed'], kinds.kind)
