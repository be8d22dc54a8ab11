/*---
report: 1
title: [评分走势, Scores over time]
describe: ["我们和各竞品每月末有效的评分；不选维度时按权重平均，从该对象各维度都有评分的月份画起。每次变化的来源见“评分变动”", "The scores that counted at the end of each month, ours and theirs. Where no dimension is chosen, their weighted mean, from the month on in which all dimensions of that party are scored. Where each change comes from is under “Changes of scores”"]
owner: marketing
params:
  as_of: { type: date, default: $today, label: [截至, As of] }
  dimension:
    type: text
    label: [维度, Dimension]
    options: "select distinct dimension_code, case when :lang = 'en' then dimension_name_en else dimension_name end from report.benchmark_scores where active order by 2"
columns:
  month_on:    { role: time }
  party:       { role: series, label: [对象, Who] }
  score:       { role: measure, metric: benchmark_score, label: [评分, Score] }
  dimensions:  { role: measure, metric: benchmark_dimensions_scored }
  observed_on: { role: detail, label: [最近观察, Last observed] }
  source:      { role: detail, label: [最近来源, Last source] }
  competitor_id: { role: detail, hidden: true, label: [竞品编号, Competitor no.] }
chart: { kind: line, x: month_on, y: score, color: party }
drill: { to: "resource:benchmark_observations", pass: [competitor_id] }
tests: [{ unique: [month_on, competitor_id] }, { between: { score: [1, 5] } }]
limits: { rows: 2000, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with scores as (
  select benchmark_scores.*
  from report.benchmark_scores
  where benchmark_scores.active
    and benchmark_scores.observed_on <= :as_of
    and (:dimension is null or benchmark_scores.dimension_code = :dimension)
),

-- A dimension that is scored for the first time would move the mean without anything having changed.
parties as (
  select
    scores.competitor_id,
    count(distinct scores.dimension_id) as dimensions
  from scores
  group by scores.competitor_id
),

months as (
  select
    months.month_on::date as month_on,
    least((months.month_on + interval '1 month')::date - 1, :as_of) as ends_on
  from generate_series(
    date_trunc('month', :as_of::timestamp) - interval '11 months', date_trunc('month', :as_of::timestamp), interval '1 month'
  ) as months (month_on)
)

select
  months.month_on,
  case when :lang = 'en' then scores.party_name_en else scores.party_name end as party,
  round(
    coalesce(
      sum(scores.score * scores.dimension_weight) / nullif(sum(scores.dimension_weight), 0),
      avg(scores.score)
    ),
    2
  ) as score,
  count(*) as dimensions,
  max(scores.observed_on) as observed_on,
  (array_agg(scores.source order by scores.observed_on desc, scores.dimension_position))[1] as source,
  scores.competitor_id
from months
inner join scores
  on scores.observed_on <= months.ends_on
  and coalesce(scores.replaced_on > months.ends_on, true)
inner join parties
  on parties.competitor_id is not distinct from scores.competitor_id
group by months.month_on, scores.competitor_id, parties.dimensions, 2
having count(*) = parties.dimensions
order by scores.competitor_id nulls first, months.month_on
