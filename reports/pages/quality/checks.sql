/*---
report: 1
title: [数据质量检查, Checks of the data]
describe: ["现在有多少事实、退货、商品、客户或作业需要处理；0 表示没有问题", "How many facts, returns, products, customers or jobs need somebody now; 0 is as it should be"]
owner: analytics
columns:
  check:    { role: category, label: [检查, Check] }
  findings: { role: measure, metric: quality_findings }
  status:   { role: detail, label: [状态, Status], labels: { fine: [正常, Fine], look: [需处理, Look into it] } }
chart: { kind: table }
limits: { rows: 50, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  quality_checks.status,
  case when :lang = 'en' then quality_checks.name_en else quality_checks.name end as check,
  quality_checks.finding_count as findings
from report.quality_checks
order by quality_checks.finding_count = 0, quality_checks.code
