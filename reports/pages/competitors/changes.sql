/*---
report: 1
title: [评分变动, Changes of scores]
describe: ["截至当天的每次观察，从最近的开始：分数怎么变、看到了什么、出自哪里", "Every observation up to the day, the newest first: how the score moved, what was seen and where"]
owner: marketing
params:
  as_of: { type: date, default: $today, label: [截至, As of] }
columns:
  observed_on: { role: time, label: [观察日期, Observed on] }
  party:       { role: category, label: [对象, Who] }
  dimension:   { role: category, label: [维度, Dimension] }
  score:       { role: measure, metric: benchmark_score, label: [评分, Score] }
  change:      { role: measure, metric: benchmark_change, label: [较上次, Change] }
  source:      { role: detail, label: [来源, Source] }
  finding:     { role: detail, label: [看到了什么, What was seen] }
  competitor_id: { role: detail, hidden: true, label: [竞品编号, Competitor no.] }
  dimension_id:  { role: detail, hidden: true, label: [维度编号, Dimension no.] }
chart: { kind: table }
drill: { to: "resource:benchmark_observations", pass: [competitor_id, dimension_id] }
limits: { rows: 500, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  benchmark_scores.observed_on,
  case when :lang = 'en' then benchmark_scores.party_name_en else benchmark_scores.party_name end as party,
  case when :lang = 'en' then benchmark_scores.dimension_name_en else benchmark_scores.dimension_name end as dimension,
  benchmark_scores.score,
  benchmark_scores.score - benchmark_scores.previous_score as change,
  benchmark_scores.source,
  benchmark_scores.finding,
  benchmark_scores.competitor_id,
  benchmark_scores.dimension_id
from report.benchmark_scores
where benchmark_scores.active
  and benchmark_scores.observed_on <= :as_of
order by
  benchmark_scores.observed_on desc,
  benchmark_scores.dimension_position,
  benchmark_scores.competitor_id nulls first
limit 500
