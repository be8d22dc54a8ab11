/*---
report: 1
title: [各类费用, Costs by kind]
describe: ["每月占用的预算，按费用类别堆叠", "What was taken from a budget each month, by cost kind"]
owner: operations
params:
  budget:
    type: text
    default: programme_year
    label: [预算, Budget]
    options: "select distinct budget_code, case when :lang = 'en' then budget_name_en else budget_name end from report.budget_days order by 1"
columns:
  month_on:  { role: time }
  cost_kind: { role: series, label: [费用类别, Cost kind], labels: { referral: [转介绍激励, Referral incentives], promotion: [推广, Promotion], technology: [技术, Technology], contingency: [应急, Contingency] } }
  used:  { role: measure, metric: budget_used }
  spent: { role: measure, metric: budget_spent }
chart: { kind: stacked, x: month_on, y: used, color: cost_kind }
limits: { rows: 2000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  date_trunc('month', budget_days.day)::date as month_on,
  budget_days.cost_kind,
  sum(budget_days.used_amount) as used,
  sum(budget_days.spent_amount) as spent
from report.budget_days
where budget_days.budget_code = :budget
group by 1, 2
order by 1, 2
