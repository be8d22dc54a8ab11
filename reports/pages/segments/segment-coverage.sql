/*---
report: 1
title: [客群覆盖率, Segment coverage]
describe: ["有多少客户被分群规则命中；其余在“其他”里，看不见也就触达不到", "What share of the customers a segment rule takes; the rest is in Other"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
  grain:
    type: enum
    values: [day, week, month]
    default: week
    label: [粒度, Grain]
    labels: { day: [按日, Day], week: [按周, Week], month: [按月, Month] }
  rule_set:
    type: text
    label: [分群规则, Rule set]
    options: "select distinct rule_set_code, case when :lang = 'en' then rule_set_name_en else rule_set_name end from report.segment_days order by 1"
columns:
  as_of_on:  { role: time }
  rule_set:  { role: series }
  coverage:  { role: measure, metric: coverage_rate }
  covered:   { role: measure, metric: covered_customers }
  other:     { role: measure, metric: customers, label: [其他, Other] }
  customers: { role: weight, metric: known_customers }
chart: { kind: line, x: as_of_on, y: coverage, color: rule_set }
limits: { rows: 5000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with days as (
  select
    segment_days.*,
    dense_rank() over (
      partition by segment_days.rule_set_code, date_trunc(:grain, segment_days.as_of_on::timestamp)
      order by segment_days.as_of_on desc
    ) as nth_last
  from report.segment_days
  where segment_days.as_of_on >= :period_from
    and segment_days.as_of_on < :period_to
    and (:rule_set is null or segment_days.rule_set_code = :rule_set)
)

-- Coverage is a state: a week or month shows its last computed day.
select
  days.as_of_on,
  case when :lang = 'en' then days.rule_set_name_en else days.rule_set_name end as rule_set,
  round(
    sum(days.customer_count) filter (where days.covered) / nullif(max(days.known_customer_count), 0)::numeric,
    6
  ) as coverage,
  sum(days.customer_count) filter (where days.covered) as covered,
  sum(days.customer_count) filter (where not days.covered) as other,
  max(days.known_customer_count) as customers
from days
where days.nth_last = 1
group by days.as_of_on, days.rule_set_code, rule_set
order by days.as_of_on, days.rule_set_code
