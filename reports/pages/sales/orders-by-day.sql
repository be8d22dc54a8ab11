/*---
report: 1
title: [每日订单, Orders by day]
describe: ["每天的订单数，按渠道堆叠", "Orders placed each day, by channel"]
owner: analytics
params:
  period:  { type: daterange, default: last_90d, label: [日期, Period] }
  channel:
    type: enum
    values: [online, store]
    many: true
    label: [渠道, Channel]
    labels: { online: [线上, Online], store: [门店, Store] }
columns:
  day:       { role: time }
  channel:   { role: series }
  orders:    { role: measure, metric: orders }
  revenue:   { role: measure, metric: revenue_gross }
  net_sales: { role: measure, metric: revenue_net }
chart: { kind: stacked, x: day, y: orders, color: channel }
limits: { rows: 5000, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  order_days.day,
  order_days.channel,
  sum(order_days.order_count)::bigint as orders,
  sum(order_days.gross_amount) as revenue,
  sum(order_days.net_amount) as net_sales
from report.order_days
where order_days.day >= :period_from
  and order_days.day < :period_to
  and (:channel is null or order_days.channel = any(:channel))
group by order_days.day, order_days.channel
order by order_days.day, order_days.channel
