/*---
report: 1
title: [每月升级率, Tier upgrades by month]
describe: ["月初未到最高级的会员中，当月升级的比例；浅色带是 95% 威尔逊区间，不足 30 人不算比例", "Members below the top tier at the start of the month, and how many went up in it; the ribbon is the 95% Wilson interval. Below 30 members there is no rate"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
columns:
  month_on:   { role: time }
  rate:       { role: measure, metric: tier_upgrade_rate }
  rate_low:   { role: measure, metric: tier_upgrade_rate, label: [区间下限, Lower bound] }
  rate_high:  { role: measure, metric: tier_upgrade_rate, label: [区间上限, Upper bound] }
  upgraded:   { role: measure, metric: upgraded_members }
  members:    { role: weight, metric: members_below_top }
  downgraded: { role: measure, metric: downgraded_members }
chart: { kind: line, x: month_on, y: rate, low: rate_low, high: rate_high }
compare: [same_period_last_year, target]
events: { tags: [definition, incident] }
limits: { rows: 200, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  tier_months.month_on,
  case when tier_months.below_top_count >= 30 then round(tier_months.upgraded_count::numeric / tier_months.below_top_count, 6) end as rate,
  case when tier_months.below_top_count >= 30 then report.wilson_low(tier_months.upgraded_count, tier_months.below_top_count) end as rate_low,
  case when tier_months.below_top_count >= 30 then report.wilson_high(tier_months.upgraded_count, tier_months.below_top_count) end as rate_high,
  tier_months.upgraded_count as upgraded,
  tier_months.below_top_count as members,
  tier_months.downgraded_count as downgraded
from report.tier_months
where tier_months.month_on >= date_trunc('month', :period_from::timestamp)
  and tier_months.month_on < :period_to
order by tier_months.month_on
