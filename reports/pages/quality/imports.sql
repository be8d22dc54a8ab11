/*---
report: 1
title: [导入与被拒的行, Imports and rows refused]
describe: ["每天导入了多少行，其中多少行有错被拒", "How many rows were imported each day, and how many were wrong and refused"]
owner: analytics
params:
  period: { type: daterange, default: last_90d, label: [日期, Period] }
columns:
  day:     { role: time }
  list:    { role: series, label: [导入到, List], labels: { customers: [客户, Customers], orders: [订单, Orders], products: [商品, Products] } }
  refused: { role: measure, metric: refused_rows }
  rate:    { role: measure, metric: refused_rate }
  rows:    { role: weight, metric: imported_rows }
chart: { kind: column, x: day, y: refused, color: list }
limits: { rows: 2000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  import_days.day,
  import_days.resource as list,
  import_days.refused_count as refused,
  round(import_days.refused_count::numeric / nullif(import_days.row_count, 0), 6) as rate,
  import_days.row_count as rows
from report.import_days
where import_days.day >= :period_from
  and import_days.day < :period_to
order by import_days.day, import_days.resource
