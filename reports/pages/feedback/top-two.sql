/*---
report: 1
title: [好评率, Share of ratings 4 and 5]
describe: ["有评分的评价中 4–5 分的比例；浅色带是 95% 威尔逊区间，不足 30 条不算比例。写评价的是自愿的买家，不等于满意度", "Of the rated reviews, how many gave 4 or 5; the ribbon is the 95% Wilson interval. Below 30 there is no rate. Those who write chose to: this is no survey of satisfaction"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [评价日期, Reviewed in] }
  grain:  { type: enum, values: [week, month], default: month, label: [周期, By], labels: { week: [按周, Week], month: [按月, Month] } }
columns:
  step_on:   { role: time, label: [周期, Period] }
  rate:      { role: measure, metric: review_top_two_rate }
  rate_low:  { role: measure, metric: review_top_two_rate, label: [区间下限, Lower bound] }
  rate_high: { role: measure, metric: review_top_two_rate, label: [区间上限, Upper bound] }
  top_two:   { role: measure, metric: top_two_reviews }
  rated:     { role: weight, metric: rated_reviews }
chart: { kind: line, x: step_on, y: rate, low: rate_low, high: rate_high }
tests: [{ unique: [step_on] }, { between: { rate: [0, 1] } }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with steps as (
  select
    date_trunc(:grain, review_days.reviewed_on::timestamp)::date as step_on,
    sum(review_days.top_two_count) as top_two,
    sum(review_days.rated_count) as rated
  from report.review_days
  where review_days.reviewed_on >= :period_from
    and review_days.reviewed_on < :period_to
  group by 1
)

select
  steps.step_on,
  case when steps.rated >= 30 then round(steps.top_two / steps.rated, 6) end as rate,
  case when steps.rated >= 30 then report.wilson_low(steps.top_two, steps.rated) end as rate_low,
  case when steps.rated >= 30 then report.wilson_high(steps.top_two, steps.rated) end as rate_high,
  steps.top_two::bigint as top_two,
  steps.rated::bigint as rated
from steps
order by steps.step_on
