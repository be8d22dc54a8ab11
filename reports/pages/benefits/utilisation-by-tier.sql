/*---
report: 1
title: [各等级权益使用率, Utilisation by tier]
describe: ["按授予时的会员等级", "By the tier of the customers when it was granted"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [授予月份, Granted in] }
columns:
  tier:        { role: category, label: [等级, Tier] }
  utilisation: { role: measure, metric: benefit_utilisation }
  uses:        { role: measure, metric: benefit_uses }
  quota:       { role: weight, metric: benefit_quota }
  cost:        { role: measure, metric: benefit_cost }
chart: { kind: column, x: tier, y: utilisation }
limits: { rows: 100, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  coalesce(
    case when :lang = 'en' then benefit_months.tier_name_en else benefit_months.tier_name end,
    case when :lang = 'en' then 'No tier' else '无等级' end
  ) as tier,
  sum(benefit_months.use_count)::numeric / nullif(sum(benefit_months.quota_count), 0) as utilisation,
  sum(benefit_months.use_count)::bigint as uses,
  sum(benefit_months.quota_count)::bigint as quota,
  sum(benefit_months.cost_amount) as cost
from report.benefit_months
where benefit_months.month_on >= :period_from
  and benefit_months.month_on < :period_to
group by 1
having sum(benefit_months.quota_count) > 0
order by min(benefit_months.tier_rank) nulls first
