/*---
report: 1
title: [客群规模, Segment sizes]
describe: ["每个客群每天有多少客户；未被任何规则命中的计入“其他”", "How many customers each segment holds day by day; customers whom no rule takes are in Other"]
owner: analytics
params:
  period:   { type: daterange, default: last_12m, label: [日期, Period] }
  grain:
    type: enum
    values: [day, week, month]
    default: week
    label: [粒度, Grain]
    labels: { day: [按日, Day], week: [按周, Week], month: [按月, Month] }
  rule_set:
    type: text
    default: lifecycle
    label: [分群规则, Rule set]
    options: "select distinct rule_set_code, case when :lang = 'en' then rule_set_name_en else rule_set_name end from report.segment_days order by 1"
columns:
  as_of_on:        { role: time }
  segment:         { role: series }
  customers:       { role: measure, metric: customers }
  share:           { role: measure, metric: segment_share }
  known_customers: { role: weight, metric: known_customers }
  net_spend:       { role: measure, metric: net_spend }
chart: { kind: area, x: as_of_on, y: customers, color: segment }
limits: { rows: 5000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with days as (
  select
    segment_days.*,
    row_number() over (
      partition by segment_days.segment_code, date_trunc(:grain, segment_days.as_of_on::timestamp)
      order by segment_days.as_of_on desc
    ) as nth_last
  from report.segment_days
  where segment_days.rule_set_code = :rule_set
    and segment_days.as_of_on >= :period_from
    and segment_days.as_of_on < :period_to
)

-- Sizes are a state: a week or month shows its last computed day.
select
  days.as_of_on,
  case when :lang = 'en' then days.segment_name_en else days.segment_name end as segment,
  days.customer_count as customers,
  round(days.customer_count::numeric / nullif(days.known_customer_count, 0), 6) as share,
  days.known_customer_count as known_customers,
  days.net_amount as net_spend
from days
where days.nth_last = 1
order by days.as_of_on, days.segment_position, days.segment_code
