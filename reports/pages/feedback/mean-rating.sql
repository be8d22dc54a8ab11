/*---
report: 1
title: [评价均分, Mean rating]
describe: ["有评分的评价的平均分（1–5 分）；不足 5 条不算均分", "Mean of the ratings given, 1 to 5; of fewer than five there is none"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [评价日期, Reviewed in] }
  grain:  { type: enum, values: [week, month], default: month, label: [周期, By], labels: { week: [按周, Week], month: [按月, Month] } }
columns:
  step_on: { role: time, label: [周期, Period] }
  rating:  { role: measure, metric: review_rating_mean }
  rated:   { role: weight, metric: rated_reviews }
chart: { kind: line, x: step_on, y: rating }
compare: [target]
tests: [{ unique: [step_on] }, { between: { rating: [1, 5] } }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  date_trunc(:grain, review_days.reviewed_on::timestamp)::date as step_on,
  case when sum(review_days.rated_count) >= 5 then round(sum(review_days.rating_sum) / sum(review_days.rated_count), 2) end as rating,
  sum(review_days.rated_count)::bigint as rated
from report.review_days
where review_days.reviewed_on >= :period_from
  and review_days.reviewed_on < :period_to
group by 1
order by 1
