/*---
report: 1
title: [客群覆盖率, Segment coverage]
describe: ["有多少客户被分群规则命中；其余在“其他”里，看不见也就触达不到", "What share of the customers a segment rule takes; the rest is in Other"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
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

select
  segment_days.as_of_on,
  case when :lang = 'en' then segment_days.rule_set_name_en else segment_days.rule_set_name end as rule_set,
  round(
    sum(segment_days.customer_count) filter (where segment_days.covered)
      / nullif(max(segment_days.known_customer_count), 0)::numeric,
    6
  ) as coverage,
  sum(segment_days.customer_count) filter (where segment_days.covered) as covered,
  sum(segment_days.customer_count) filter (where not segment_days.covered) as other,
  max(segment_days.known_customer_count) as customers
from report.segment_days
where segment_days.as_of_on >= :period_from
  and segment_days.as_of_on < :period_to
  and (:rule_set is null or segment_days.rule_set_code = :rule_set)
group by segment_days.as_of_on, segment_days.rule_set_code, rule_set
order by segment_days.as_of_on, segment_days.rule_set_code
