/*---
report: 1
title: [价值模型检验, How far the value model can be trusted]
describe: ["每次计算时，用 91 天前已知的数据拟合，看它预计的复购与实际相差多少", "Each time a model of what was known 91 days before is asked what it expected since, beside what came"]
owner: analytics
columns:
  as_of_on: { role: time }
  side: { role: series, label: [口径, Which], labels: { actual: [实际, Actual], expected: [预计, Expected] } }
  repeat_orders: { role: measure, metric: checked_repeat_orders }
chart: { kind: line, x: as_of_on, y: repeat_orders, color: side }
limits: { rows: 400, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  value_models.as_of_on,
  sides.side,
  sides.repeat_orders
from report.value_models
cross join lateral (
  values ('actual', value_models.check_actual::numeric), ('expected', value_models.check_expected::numeric)
) as sides (side, repeat_orders)
where value_models.check_expected is not null
order by
  value_models.as_of_on desc,
  sides.side
limit 400
