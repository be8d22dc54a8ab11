/*---
report: 1
title: [竞品矩阵, Competitor matrix]
describe: ["各竞品在各维度上的评分（1–5），取截至日当天或之前最近一次观察；颜色和文字说明我们领先、持平还是落后，点格子看观察记录", "How each competitor stands in each dimension (1 to 5), by the newest observation on or before the day; colour and words say whether we are ahead, level or behind. Click a cell for its observations"]
owner: marketing
params:
  as_of: { type: date, default: $today, label: [截至, As of] }
columns:
  dimension:   { role: category, label: [维度, Dimension] }
  party:       { role: category, label: [对象, Who] }
  score:       { role: measure, metric: benchmark_score, label: [评分, Score] }
  lead:        { role: measure, metric: benchmark_lead }
  standing:    { role: series, label: [我们, We are], labels: { ourselves: [我们, Ourselves], ahead: [我们领先, We lead], level: [持平, Level], behind: [我们落后, We are behind], unknown: [我们未评分, We have no score] }, tones: { ourselves: quiet, ahead: good, level: warning, behind: bad, unknown: quiet } }
  ours:        { role: measure, metric: benchmark_score, label: [我们的评分, Our score] }
  observed_on: { role: detail, label: [观察日期, Observed on] }
  source:      { role: detail, label: [来源, Source] }
  competitor_id: { role: detail, hidden: true, label: [竞品编号, Competitor no.] }
  dimension_id:  { role: detail, hidden: true, label: [维度编号, Dimension no.] }
chart: { kind: cell, x: dimension, y: party, value: score, color: standing }
drill: { to: "resource:benchmark_observations", pass: [competitor_id, dimension_id] }
tests: [{ unique: [competitor_id, dimension_id] }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with scores as (
  select benchmark_scores.*
  from report.benchmark_scores
  where benchmark_scores.active
    and benchmark_scores.observed_on <= :as_of
    and coalesce(benchmark_scores.replaced_on > :as_of, true)
)

select
  case when :lang = 'en' then scores.dimension_name_en else scores.dimension_name end as dimension,
  case when :lang = 'en' then scores.party_name_en else scores.party_name end as party,
  scores.score,
  case when scores.party = 'competitor' then ourselves.score - scores.score end as lead,
  case
    when scores.party = 'ourselves' then 'ourselves'
    when ourselves.score is null then 'unknown'
    when ourselves.score > scores.score then 'ahead'
    when ourselves.score < scores.score then 'behind'
    else 'level'
  end as standing,
  ourselves.score as ours,
  scores.observed_on,
  scores.source,
  scores.competitor_id,
  scores.dimension_id
from scores
left join scores as ourselves
  on ourselves.party = 'ourselves'
  and ourselves.dimension_id = scores.dimension_id
order by scores.competitor_id nulls first, scores.dimension_position, scores.dimension_id
