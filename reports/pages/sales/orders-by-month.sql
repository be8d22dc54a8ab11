/*---
report: 1
title: [每月订单与客单价, Orders and AOV by month]
describe: ["柱是订单数，线是客单价；客单价为订单金额 ÷ 订单数，未减退货", "Columns are orders, the line is order value / orders before returns"]
owner: analytics
params:
  period: { type: daterange, default: all, label: [日期, Period] }
columns:
  month_on:  { role: time }
  month:     { role: detail, label: [月份编码, Month code], hidden: true }
  orders:    { role: measure, metric: orders }
  aov_gross: { role: measure, metric: aov_gross }
  aov_net:   { role: measure, metric: aov_net }
  revenue:   { role: measure, metric: revenue_gross }
  net_sales: { role: measure, metric: revenue_net }
  buyers:    { role: measure, metric: buyers }
chart: { kind: combo, x: month_on, y: orders, line: aov_gross }
status: [{ metric: revenue_net, against: previous, warn: -15%, bad: -30% }]
drill: { to: sales/orders-by-day, pass: { period: month } }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  order_months.month_on,
  to_char(order_months.month_on, 'YYYY-MM') as month,
  order_months.order_count as orders,
  order_months.aov_gross,
  order_months.aov_net,
  order_months.gross_amount as revenue,
  order_months.net_amount as net_sales,
  order_months.buyer_count as buyers
from report.order_months
where order_months.month_on >= :period_from
  and order_months.month_on < :period_to
order by order_months.month_on
