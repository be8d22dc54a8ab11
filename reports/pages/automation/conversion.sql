/*---
report: 1
title: [自动化效果, What automations did]
describe: ["每个自动化进入、走完、转化的人次，与不触达的对照组相比", "How many entered, finished and converted, beside those who were held out"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [进入日期, Entered in] }
columns:
  automation:          { role: category, label: [自动化, Automation] }
  automation_code:     { role: detail, label: [编码, Code], hidden: true }
  conversion:          { role: measure, metric: automation_conversion }
  without:             { role: measure, metric: automation_held_out_conversion }
  entered:             { role: weight, metric: automation_entered }
  finished:            { role: measure, metric: automation_finished }
  left_early:          { role: measure, metric: automation_exited }
  converted:           { role: measure, metric: automation_converted }
  held_out:            { role: measure, metric: automation_held_out }
  held_out_converted:  { role: measure, metric: automation_held_out_converted }
chart: { kind: column, x: automation, y: conversion }
drill: { to: automation/steps, pass: { automation: automation_code } }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then automation_days.automation_name_en else automation_days.automation_name end as automation,
  automation_days.automation_code,
  sum(automation_days.converted_count)::numeric / nullif(sum(automation_days.entered_count), 0) as conversion,
  sum(automation_days.held_out_converted_count)::numeric / nullif(sum(automation_days.held_out_count), 0) as without,
  sum(automation_days.entered_count)::bigint as entered,
  sum(automation_days.finished_count)::bigint as finished,
  sum(automation_days.exited_count)::bigint as left_early,
  sum(automation_days.converted_count)::bigint as converted,
  sum(automation_days.held_out_count)::bigint as held_out,
  sum(automation_days.held_out_converted_count)::bigint as held_out_converted
from report.automation_days
where automation_days.entered_on >= :period_from
  and automation_days.entered_on < :period_to
group by 1, automation_days.automation_code
order by entered desc, 1
