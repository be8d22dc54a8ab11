/** What a new report starts as: it draws something at once, and every part of it can be changed. */
export const TEMPLATE = `/*---
report: 1
title: [每日订单, Orders by day]
params:
  period: { type: daterange, default: last_90d, label: [日期, Period] }
columns:
  day:    { role: time, label: [日期, Day] }
  orders: { role: measure, metric: orders }
chart: { kind: line, x: day, y: orders }
access: { roles: [analyst, manager] }
---*/

select
  order_days.day,
  sum(order_days.order_count) as orders
from report.order_days
where order_days.day >= :period_from
  and order_days.day < :period_to
group by order_days.day
order by order_days.day
`;
