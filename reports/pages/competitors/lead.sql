/*---
report: 1
title: [我们领先多少, Our lead]
describe: ["每个维度上我们的评分减去各竞品的评分：零线以上领先，以下落后；只看双方都有评分的", "Our score less theirs in each dimension: above nought we are ahead, below behind. Only where both are scored"]
owner: marketing
params:
  as_of: { type: date, default: $today, label: [截至, As of] }
columns:
  dimension: { role: category, label: [维度, Dimension] }
  party:     { role: series, label: [竞品, Competitor] }
  lead:      { role: measure, metric: benchmark_lead }
  ours:      { role: measure, metric: benchmark_score, label: [我们的评分, Our score] }
  theirs:    { role: measure, metric: benchmark_score, label: [竞品评分, Their score] }
  competitor_id: { role: detail, hidden: true, label: [竞品编号, Competitor no.] }
  dimension_id:  { role: detail, hidden: true, label: [维度编号, Dimension no.] }
chart: { kind: column, x: dimension, y: lead, color: party }
drill: { to: "resource:benchmark_observations", pass: [competitor_id, dimension_id] }
tests: [{ unique: [competitor_id, dimension_id] }, { between: { lead: [-4, 4] } }]
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
  case when :lang = 'en' then theirs.dimension_name_en else theirs.dimension_name end as dimension,
  case when :lang = 'en' then theirs.party_name_en else theirs.party_name end as party,
  ours.score - theirs.score as lead,
  ours.score as ours,
  theirs.score as theirs,
  theirs.competitor_id,
  theirs.dimension_id
from scores as theirs
inner join scores as ours
  on ours.party = 'ourselves'
  and ours.dimension_id = theirs.dimension_id
where theirs.party = 'competitor'
order by theirs.dimension_position, theirs.dimension_id, theirs.competitor_id
