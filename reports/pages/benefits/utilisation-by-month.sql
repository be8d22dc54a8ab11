/*---
report: 1
title: [每月权益使用率, Utilisation by month]
describe: ["每月授予的次数后来用掉了多少，按层级；最近的周期还在使用中", "How much of what each month granted was used, by layer; the latest periods are still being used"]
owner: analytics
params:
  period:  { type: daterange, default: last_12m, label: [授予月份, Granted in] }
  benefit: { type: text, label: [权益, Benefit], options: "select distinct benefit_code, case when :lang = 'en' then benefit_name_en else benefit_name end from report.benefit_months order by 2" }
columns:
  month_on:    { role: time }
  layer:       { role: series, label: [层级, Layer], labels: { basic: [基础, Basic], advanced: [进阶, Advanced], emotional: [情感, Emotional], tier: [等级, Tier], custom: [自定义, Custom] } }
  utilisation: { role: measure, metric: benefit_utilisation }
  uses:        { role: measure, metric: benefit_uses }
  quota:       { role: weight, metric: benefit_quota }
chart: { kind: line, x: month_on, y: utilisation, color: layer }
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  benefit_months.month_on,
  benefit_months.layer,
  sum(benefit_months.use_count)::numeric / nullif(sum(benefit_months.quota_count), 0) as utilisation,
  sum(benefit_months.use_count)::bigint as uses,
  sum(benefit_months.quota_count)::bigint as quota
from report.benefit_months
where benefit_months.month_on >= :period_from
  and benefit_months.month_on < :period_to
  and (:benefit is null or benefit_months.benefit_code = :benefit)
group by 1, 2
having sum(benefit_months.quota_count) > 0
order by 1, 2
