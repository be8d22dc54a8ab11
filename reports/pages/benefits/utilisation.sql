/*---
report: 1
title: [各权益使用率, Utilisation by benefit]
describe: ["期内授予的次数用掉了多少；不限次的权益不在其中", "How much of what was granted in the period has been used; unlimited benefits are left out"]
owner: analytics
params:
  period:  { type: daterange, default: last_12m, label: [授予月份, Granted in] }
  package: { type: text, label: [权益包, Package], options: "select distinct package_code, case when :lang = 'en' then package_name_en else package_name end from report.benefit_months where package_code is not null order by 2" }
columns:
  benefit:     { role: category, label: [权益, Benefit] }
  benefit_code: { role: detail, label: [权益编码, Benefit code], hidden: true }
  utilisation: { role: measure, metric: benefit_utilisation }
  uses:        { role: measure, metric: benefit_uses }
  quota:       { role: weight, metric: benefit_quota }
  held:        { role: measure, metric: benefit_holders }
  used_by:     { role: measure, metric: benefit_users }
  cost:        { role: measure, metric: benefit_cost }
chart: { kind: column, x: benefit, y: utilisation }
drill: { to: benefits/utilisation-by-month, pass: { benefit: benefit_code } }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  case when :lang = 'en' then benefit_months.benefit_name_en else benefit_months.benefit_name end as benefit,
  benefit_months.benefit_code,
  sum(benefit_months.use_count)::numeric / nullif(sum(benefit_months.quota_count), 0) as utilisation,
  sum(benefit_months.use_count)::bigint as uses,
  sum(benefit_months.quota_count)::bigint as quota,
  sum(benefit_months.holder_count)::bigint as held,
  sum(benefit_months.user_count)::bigint as used_by,
  sum(benefit_months.cost_amount) as cost
from report.benefit_months
where benefit_months.month_on >= :period_from
  and benefit_months.month_on < :period_to
  and (:package is null or benefit_months.package_code = :package)
group by 1, 2
having sum(benefit_months.quota_count) > 0
order by utilisation desc, 1
