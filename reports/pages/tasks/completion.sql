/*---
report: 1
title: [任务完成率, Task completion]
describe: ["每月开始的任务后来完成了多少；仍在进行的单独列出，不计入完成率", "How many of the tasks begun each month were done; those still running stand apart and are not part of the rate"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [开始月份, Begun in] }
columns:
  month_on:   { role: time }
  task:       { role: series, label: [任务, Task] }
  completion: { role: measure, metric: task_completion }
  done:       { role: measure, metric: task_done }
  closed:     { role: weight, metric: task_closed }
  running:    { role: measure, metric: task_running }
chart: { kind: line, x: month_on, y: completion, color: task }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  task_months.month_on,
  case when :lang = 'en' then task_months.task_name_en else task_months.task_name end as task,
  sum(task_months.done_count)::numeric / nullif(sum(task_months.closed_count), 0) as completion,
  sum(task_months.done_count)::bigint as done,
  sum(task_months.closed_count)::bigint as closed,
  sum(task_months.running_count)::bigint as running
from report.task_months
where task_months.month_on >= :period_from
  and task_months.month_on < :period_to
group by 1, 2
order by 1, 2
