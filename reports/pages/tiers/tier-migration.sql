/*---
report: 1
title: [等级流转矩阵, Tier migration]
describe: ["起始日在某等级的会员，到截止日在哪个等级；只统计两天都在册的会员", "Where the members of each tier on the first day were on the last; members known on both days"]
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
chart: { kind: cell, x: to_tier, y: from_tier, value: members }
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
