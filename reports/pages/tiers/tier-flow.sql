/*---
report: 1
title: [等级流向图, Tier flow]
describe: ["从起始日到截止日会员在等级之间的流向，线越粗人越多", "How members flowed between tiers from one day to another; the wider the more"]
owner: analytics
params:
  from_on: { type: date, default: $today-90d, label: [起始日, From] }
  to_on:   { type: date, default: $today, label: [截止日, To] }
columns:
  from_tier:    { role: category, label: [起始等级, From tier] }
  to_tier:      { role: category, label: [当前等级, To tier] }
  members:      { role: measure, metric: tier_members }
  share:        { role: measure, metric: tier_moved_share }
  members_before: { role: weight, metric: tier_members_before }
chart: { kind: sankey, x: from_tier, y: to_tier, value: members }
limits: { rows: 200, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then moves.from_tier_en else moves.from_tier end as from_tier,
  case when :lang = 'en' then moves.to_tier_en else moves.to_tier end as to_tier,
  moves.member_count as members,
  moves.share_rate as share,
  moves.from_member_count as members_before
from report.tier_moves(:from_on, :to_on) as moves
order by moves.from_rank, moves.to_rank
