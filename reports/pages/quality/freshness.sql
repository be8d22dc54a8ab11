/*---
report: 1
title: [数据新鲜度, How fresh the data are]
describe: ["每个数据来源最近到哪一天，落后几天", "The latest day of each source of figures, and how far it is behind"]
owner: analytics
columns:
  source: { role: category, label: [来源, Source] }
  latest_on: { role: detail, label: [数据截至, Latest day] }
  status: { role: detail, label: [状态, Status], labels: { fresh: [正常, Fresh], late: [落后, Late], none: [暂无数据, Nothing yet] } }
  behind: { role: measure, metric: days_behind }
chart: { kind: table }
limits: { rows: 50, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then freshness.name_en else freshness.name end as source,
  freshness.latest_on,
  freshness.status,
  freshness.days_behind as behind
from report.freshness
order by freshness.days_behind desc nulls first, freshness.source
