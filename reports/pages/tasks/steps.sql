/*---
report: 1
title: [任务步骤达成, Steps of tasks]
describe: ["每个步骤有多少人走到，送出了什么；任务按开始月份计", "How many reached each step and what it gave; tasks by the month in which they were begun"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [开始月份, Begun in] }
  task:   { type: text, label: [任务, Task], options: "select distinct task_code, case when :lang = 'en' then task_name_en else task_name end from report.task_months order by 2" }
columns:
  step:    { role: category, label: [步骤, Step] }
  task:    { role: series, label: [任务, Task] }
  rate:    { role: measure, metric: task_step_rate }
  reached: { role: measure, metric: task_step_reached }
  begun:   { role: weight, metric: task_begun }
  coupons: { role: measure, metric: task_coupons }
  points:  { role: measure, metric: task_points }
chart: { kind: column, x: step, y: rate, color: task }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  case when :lang = 'en' then task_step_months.step_name_en else task_step_months.step_name end as step,
  case when :lang = 'en' then task_step_months.task_name_en else task_step_months.task_name end as task,
  sum(task_step_months.reached_count)::numeric / nullif(sum(task_step_months.begun_count), 0) as rate,
  sum(task_step_months.reached_count)::bigint as reached,
  sum(task_step_months.begun_count)::bigint as begun,
  sum(task_step_months.coupon_count)::bigint as coupons,
  sum(task_step_months.points)::bigint as points
from report.task_step_months
where task_step_months.month_on >= :period_from
  and task_step_months.month_on < :period_to
  and (:task is null or task_step_months.task_code = :task)
group by task_step_months.task_code, task_step_months.step_position, 1, 2
order by task_step_months.task_code, task_step_months.step_position
