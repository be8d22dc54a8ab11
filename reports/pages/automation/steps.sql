/*---
report: 1
title: [自动化步骤, Steps of automations]
describe: ["每一步有多少人次，结果如何，未执行的原因是什么", "How many came to each step, what came of it, and why not"]
owner: analytics
params:
  period:     { type: daterange, default: last_12m, label: [日期, Period] }
  automation: { type: text, label: [自动化, Automation], options: "select distinct automation_code, case when :lang = 'en' then automation_name_en else automation_name end from report.automation_step_days order by 2" }
columns:
  automation: { role: category, label: [自动化, Automation] }
  step:       { role: category, label: [步骤, Step] }
  outcome:    { role: series, label: [结果, Outcome] }
  reason:     { role: detail, label: [原因, Reason] }
  times:      { role: measure, metric: automation_steps_done }
chart: { kind: table }
limits: { rows: 500, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then automation_step_days.automation_name_en else automation_step_days.automation_name end as automation,
  automation_step_days.step_code as step,
  automation_step_days.outcome,
  automation_step_days.reason,
  sum(automation_step_days.step_count)::bigint as times
from report.automation_step_days
where automation_step_days.done_on >= :period_from
  and automation_step_days.done_on < :period_to
  and (:automation is null or automation_step_days.automation_code = :automation)
group by 1, 2, 3, 4
order by 1, 2, 3, 4
