/*---
report: 1
title: [社群活跃与转化, Communities]
describe: ["每个社群期内的入群、发布与入群后的转化", "Who joined each community, what was posted, and how many ordered after joining"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
columns:
  community:  { role: category, label: [社群, Community] }
  conversion: { role: measure, metric: community_conversion }
  joined:     { role: weight, metric: community_joined }
  converted:  { role: measure, metric: community_converted }
  posts:      { role: measure, metric: community_posted }
chart: { kind: column, x: community, y: conversion }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then community_days.community_name_en else community_days.community_name end as community,
  sum(community_days.converted_count)::numeric / nullif(sum(community_days.joined_count), 0) as conversion,
  sum(community_days.joined_count)::bigint as joined,
  sum(community_days.converted_count)::bigint as converted,
  sum(community_days.post_count)::bigint as posts
from report.community_days
where community_days.day >= :period_from
  and community_days.day < :period_to
group by 1
order by joined desc, 1
