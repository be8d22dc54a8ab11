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

with starts as (
  select
    tier_memberships.customer_id,
    tier_memberships.tier_rank,
    case when :lang = 'en' then tier_memberships.tier_name_en else tier_memberships.tier_name end as tier
  from report.tier_memberships
  where tier_memberships.entered_on <= :from_on
    and (tier_memberships.left_on is null or tier_memberships.left_on > :from_on)
),

ends as (
  select
    tier_memberships.customer_id,
    tier_memberships.tier_rank,
    case when :lang = 'en' then tier_memberships.tier_name_en else tier_memberships.tier_name end as tier
  from report.tier_memberships
  where tier_memberships.entered_on <= :to_on
    and (tier_memberships.left_on is null or tier_memberships.left_on > :to_on)
),

moves as (
  select
    starts.tier_rank as from_rank,
    ends.tier_rank as to_rank,
    starts.tier as from_tier,
    ends.tier as to_tier,
    count(*) as members
  from starts
  inner join ends
    on ends.customer_id = starts.customer_id
  group by 1, 2, 3, 4
)

select
  moves.from_tier,
  moves.to_tier,
  moves.members,
  round(moves.members / sum(moves.members) over (partition by moves.from_tier), 6) as share,
  (sum(moves.members) over (partition by moves.from_tier))::bigint as members_before
from moves
order by moves.from_rank, moves.to_rank
