/*---
report: 1
title: [活跃时段, Active hours]
describe: ["客户在星期几的几点下单；按所选期间的全部订单统计，最多 92 天", "On which weekday and at what hour customers order; all orders of the period, at most 92 days"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 92d, label: [日期, Period] }
  channel: { type: text, many: true, label: [渠道, Channel], options: "select distinct channel, case channel when 'store' then case when :lang = 'en' then 'Store' else '门店' end else case when :lang = 'en' then 'Online' else '线上' end end from report.order_days where channel <> 'unknown' order by 1" }
columns:
  hour:    { role: category, label: [小时, Hour] }
  weekday: { role: category, label: [星期, Weekday], labels: { "1": [周一, Mon], "2": [周二, Tue], "3": [周三, Wed], "4": [周四, Thu], "5": [周五, Fri], "6": [周六, Sat], "7": [周日, Sun] } }
  orders:  { role: measure, metric: orders }
  revenue: { role: measure, metric: revenue_gross }
chart: { kind: cell, x: hour, y: weekday, value: orders }
run: { mode: cached, ttl: 15m }
limits: { rows: 200, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  order_hours.hour,
  order_hours.weekday,
  sum(order_hours.order_count)::bigint as orders,
  sum(order_hours.gross_amount) as revenue
from report.order_hours
where order_hours.day >= :period_from
  and order_hours.day < :period_to
  and (:channel is null or order_hours.channel = any(:channel))
group by order_hours.weekday, order_hours.hour
order by order_hours.weekday, order_hours.hour
