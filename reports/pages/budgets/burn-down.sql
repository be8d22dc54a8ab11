/*---
report: 1
title: [预算燃尽图, Budget burn-down]
describe: ["每天剩余的预算，与按期间匀速使用相比", "What is left each day, beside what would be left at an even pace over the period"]
owner: operations
params:
  budget:
    type: text
    default: programme_year
    label: [预算, Budget]
    options: "select distinct budget_code, case when :lang = 'en' then budget_name_en else budget_name end from report.budget_burn order by 1"
columns:
  day:  { role: time }
  line: { role: series, label: [曲线, Line], labels: { left: [实际剩余, Left], even: [匀速使用, At an even pace] } }
  left_amount: { role: measure, metric: budget_left }
chart: { kind: line, x: day, y: left_amount, color: line }
limits: { rows: 4000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  budget_burn.day,
  lines.line,
  lines.left_amount
from report.budget_burn
cross join lateral (
  values ('left', budget_burn.left_amount), ('even', budget_burn.even_left_amount)
) as lines (line, left_amount)
where budget_burn.budget_code = :budget
  and lines.left_amount is not null
order by budget_burn.day, lines.line desc
