/*---
report: 1
title: [权益包使用率, Utilisation by package]
describe: ["每月开放的权益包次数用掉了多少；季度卡在季度首月开放，按月计次的权益逐月开放", "How much of what packages opened each month was used; a card of a quarter opens in its first month, what is counted by the month each month"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [授予月份, Granted in] }
columns:
  month_on:    { role: time }
  package:     { role: series, label: [权益包, Package] }
  utilisation: { role: measure, metric: benefit_utilisation }
  uses:        { role: measure, metric: benefit_uses }
  quota:       { role: weight, metric: benefit_quota }
  cost:        { role: measure, metric: benefit_cost }
chart: { kind: column, x: month_on, y: utilisation, color: package }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  benefit_months.month_on,
  case when :lang = 'en' then benefit_months.package_name_en else benefit_months.package_name end as package,
  sum(benefit_months.use_count)::numeric / nullif(sum(benefit_months.quota_count), 0) as utilisation,
  sum(benefit_months.use_count)::bigint as uses,
  sum(benefit_months.quota_count)::bigint as quota,
  sum(benefit_months.cost_amount) as cost
from report.benefit_months
where benefit_months.package_code is not null
  and benefit_months.month_on >= :period_from
  and benefit_months.month_on < :period_to
group by 1, 2
having sum(benefit_months.quota_count) > 0
order by 1, 2
