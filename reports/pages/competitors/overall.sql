/*---
report: 1
title: [综合得分, Overall scores]
describe: ["双方都有评分的维度，按权重加权平均；我们的得分按同样的维度另算，差距才可比", "Weighted mean over the dimensions in which both are scored; ours is worked out over the same ones, so that the difference means something"]
owner: marketing
params:
  as_of: { type: date, default: $today, label: [截至, As of] }
columns:
  party:      { role: category, label: [竞品, Competitor] }
  side:       { role: series, label: [得分方, Whose], labels: { ours: [我们, Ourselves], theirs: [竞品, Competitor] } }
  score:      { role: measure, metric: benchmark_overall }
  lead:       { role: measure, metric: benchmark_lead }
  dimensions: { role: measure, metric: benchmark_dimensions_scored }
  competitor_id: { role: detail, hidden: true, label: [竞品编号, Competitor no.] }
chart: { kind: column, x: party, y: score, color: side }
drill: { to: "resource:benchmark_observations", pass: [competitor_id] }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with scores as (
  select benchmark_scores.*
  from report.benchmark_scores
  where benchmark_scores.active
    and benchmark_scores.dimension_weight > 0
    and benchmark_scores.observed_on <= :as_of
    and coalesce(benchmark_scores.replaced_on > :as_of, true)
),

overall as (
  select
    competitors.competitor_id,
    case when :lang = 'en' then competitors.party_name_en else competitors.party_name end as party,
    sum(competitors.score * competitors.dimension_weight) / sum(competitors.dimension_weight) as theirs,
    sum(ourselves.score * competitors.dimension_weight) / sum(competitors.dimension_weight) as ours,
    count(*) as dimensions
  from scores as competitors
  inner join scores as ourselves
    on ourselves.party = 'ourselves'
    and ourselves.dimension_id = competitors.dimension_id
  where competitors.party = 'competitor'
  group by 1, 2
)

select
  overall.party,
  sides.side,
  round(sides.score, 2) as score,
  round(overall.ours - overall.theirs, 2) as lead,
  overall.dimensions,
  overall.competitor_id
from overall
cross join lateral (values (1, 'ours', overall.ours), (2, 'theirs', overall.theirs)) as sides (place, side, score)
order by overall.theirs desc, overall.competitor_id, sides.place
