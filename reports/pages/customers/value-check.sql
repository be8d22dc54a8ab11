/*---
report: 1
title: [价值模型检验, How far the value model can be trusted]
describe: ["每次计算时，用 91 天前已知的数据拟合，看它预计的复购与实际相差多少", "Each time a model of what was known 91 days before is asked what it expected since, beside what came"]
owner: analytics
columns:
  as_of_on: { role: time }
  expected: { role: measure, metric: expected_repeat_orders }
  actual:   { role: measure, metric: actual_repeat_orders }
chart: { kind: combo, x: as_of_on, y: actual, line: expected }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  value_models.as_of_on,
  value_models.check_expected as expected,
  value_models.check_actual as actual
from report.value_models
where value_models.check_expected is not null
order by value_models.as_of_on desc
limit 200
