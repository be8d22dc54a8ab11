/*---
report: 1
title: [评分分布, Ratings given]
describe: ["期内 1–5 分各有多少条评价；点柱子看这些评价", "How many reviews gave each rating from 1 to 5. Click a column to see them"]
owner: analytics
params:
  period: { type: daterange, default: last_90d, label: [评价日期, Reviewed in] }
columns:
  rating:  { role: category, label: [评分, Rating] }
  reviews: { role: measure, metric: rated_reviews }
  kind:    { role: detail, hidden: true, label: [行为, Kind] }
chart: { kind: column, x: rating, y: reviews }
drill: { to: "resource:events", pass: [kind, rating] }
tests: [{ unique: [rating] }]
limits: { rows: 10, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with counted as (
  select
    reviews.rating,
    count(*) as reviews
  from report.reviews
  where reviews.reviewed_on >= :period_from
    and reviews.reviewed_on < :period_to
    and reviews.rating is not null
  group by reviews.rating
)

select
  ratings.rating,
  coalesce(counted.reviews, 0) as reviews,
  'review' as kind
from generate_series(1, 5) as ratings (rating)
left join counted
  on counted.rating = ratings.rating
where exists (select from counted)
order by ratings.rating
