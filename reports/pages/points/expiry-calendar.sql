/*---
report: 1
title: [积分到期日历, Points by their last day]
describe: ["未来 90 天每天有多少积分到期，涉及多少客户", "How many points expire on each of the next 90 days, and of how many customers"]
owner: analytics
params:
  days: { type: integer, default: 90, min: 1, max: 366, label: [未来天数, Days ahead] }
columns:
  day:       { role: time }
  points:    { role: measure, metric: expiring_points }
  customers: { role: measure, metric: expiring_customers }
chart: { kind: column, x: day, y: points }
limits: { rows: 1000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  points_expiries.last_on as day,
  points_expiries.available as points,
  points_expiries.customer_count as customers
from report.points_expiries
where points_expiries.days_ahead < :days
order by points_expiries.last_on
