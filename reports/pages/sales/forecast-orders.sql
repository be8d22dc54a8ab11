/*---
report: 1
title: [订单预测, Forecast of orders]
describe: ["近 90 天每天的实际值与未来 28 天的预测（虚线）；浅色带是 95% 区间。预测按一周的规律与近期走势（Holt-Winters），每天更新；误差见“预测误差”", "What each of the last 90 days brought, and what the next 28 should (dashed); the ribbon is the 95% band. By weekday and recent trend (Holt-Winters), anew each day; how far it is off: see Forecast errors"]
owner: analytics
params:
  since: { type: date, default: $today-90d, label: [起始日, From] }
columns:
  day:      { role: time }
  actual:   { role: measure, metric: orders, label: [实际, Actual] }
  expected: { role: measure, metric: orders, label: [预测, Forecast] }
  low:      { role: measure, metric: orders, label: [区间下限, Lower bound] }
  high:     { role: measure, metric: orders, label: [区间上限, Upper bound] }
chart: { kind: line, x: day, y: actual, target: expected, low: low, high: high }
limits: { rows: 1000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with ahead as (
  select
    forecast_days.day,
    forecast_days.expected,
    forecast_days.low,
    forecast_days.high
  from report.forecast_days
  where forecast_days.measure = 'orders'
    and forecast_days.latest
),

days as (
  select
    order_days.day,
    sum(order_days.order_count) as actual
  from report.order_days
  cross join report.programme_days
  where order_days.day >= :since
    and order_days.day < programme_days.known_until
    and order_days.day < coalesce((select min(ahead.day) from ahead), 'infinity')
  group by order_days.day
)

select
  coalesce(days.day, ahead.day) as day,
  days.actual,
  ahead.expected,
  ahead.low,
  ahead.high
from days
full join ahead
  on ahead.day = days.day
order by 1
