/*---
report: 1
title: [客群流转矩阵, Segment migration]
describe: ["从起始日到截止日，客户从哪个客群流向了哪个客群；只统计两天都在库的客户", "Who moved from which segment to which between two days; customers known on both days"]
owner: analytics
params:
  from_on: { type: date, default: $today-30d, label: [起始日, From] }
  to_on:   { type: date, default: $today, label: [截止日, To] }
  rule_set:
    type: text
    default: lifecycle
    label: [分群规则, Rule set]
    options: "select distinct rule_set_code, case when :lang = 'en' then rule_set_name_en else rule_set_name end from report.segment_days order by 1"
columns:
  from_segment:      { role: category }
  to_segment:        { role: category }
  customers:         { role: measure, metric: customers }
  share:             { role: measure, metric: moved_share }
  segment_customers: { role: weight, metric: segment_customers }
chart: { kind: cell, x: to_segment, y: from_segment, value: customers }
limits: { rows: 500, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with stays as (
  select segment_memberships.*
  from report.segment_memberships
  where segment_memberships.rule_set_code = :rule_set
),

starts as (
  select *
  from stays
  where stays.entered_on <= :from_on
    and (stays.left_on is null or stays.left_on > :from_on)
),

ends as (
  select *
  from stays
  where stays.entered_on <= :to_on
    and (stays.left_on is null or stays.left_on > :to_on)
),

moves as (
  select
    starts.segment_position as from_position,
    ends.segment_position as to_position,
    case when :lang = 'en' then starts.segment_name_en else starts.segment_name end as from_segment,
    case when :lang = 'en' then ends.segment_name_en else ends.segment_name end as to_segment,
    count(*) as customers
  from starts
  inner join ends
    on ends.customer_id = starts.customer_id
  group by 1, 2, 3, 4
)

select
  moves.from_segment,
  moves.to_segment,
  moves.customers,
  round(moves.customers / sum(moves.customers) over (partition by moves.from_segment), 6) as share,
  (sum(moves.customers) over (partition by moves.from_segment))::bigint as segment_customers
from moves
order by moves.from_position, moves.to_position
