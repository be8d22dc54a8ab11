/*---
report: 1
title: [评分走势, Scores over time]
describe: ["我们和各竞品每月末有效的评分；不选维度时按权重平均当时已评分的维度，补评一个维度也会让均分变动。每次变化的来源见“评分变动”", "The scores that counted at the end of each month, ours and theirs. Where no dimension is chosen, the weighted mean of those scored by then, which moves too when one is scored for the first time. Where each change comes from is under “Changes of scores”"]
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

with months as (
  select
    months.month_on::date as month_on,
    least((months.month_on + interval '1 month')::date - 1, :as_of) as ends_on
  from generate_series(
    date_trunc('month', :as_of::timestamp) - interval '11 months', date_trunc('month', :as_of::timestamp), interval '1 month'
  ) as months (month_on)
)

select
  months.month_on,
  case when :lang = 'en' then benchmark_scores.party_name_en else benchmark_scores.party_name end as party,
  round(
    coalesce(
      sum(benchmark_scores.score * benchmark_scores.dimension_weight) / nullif(sum(benchmark_scores.dimension_weight), 0),
      avg(benchmark_scores.score)
    ),
    2
  ) as score,
  count(*) as dimensions,
  max(benchmark_scores.observed_on) as observed_on,
  (array_agg(benchmark_scores.source order by benchmark_scores.observed_on desc, benchmark_scores.dimension_position))[1] as source,
  benchmark_scores.competitor_id
from months
inner join report.benchmark_scores
  on benchmark_scores.observed_on <= months.ends_on
  and coalesce(benchmark_scores.replaced_on > months.ends_on, true)
where benchmark_scores.active
  and (:dimension is null or benchmark_scores.dimension_code = :dimension)
group by months.month_on, benchmark_scores.competitor_id, 2
order by benchmark_scores.competitor_id nulls first, months.month_on
