create view report.benchmark_scores as

select
  benchmark_observations.party,
  benchmark_observations.competitor_id,
  coalesce(competitors.name, '我们') as party_name,
  coalesce(competitors.name_en, 'Ourselves') as party_name_en,
  benchmark_observations.dimension_id,
  benchmark_dimensions.code as dimension_code,
  benchmark_dimensions.name as dimension_name,
  benchmark_dimensions.name_en as dimension_name_en,
  benchmark_dimensions.position as dimension_position,
  benchmark_dimensions.weight as dimension_weight,
  benchmark_dimensions.active and coalesce(competitors.active, true) as active,
  benchmark_observations.observed_on,
  benchmark_observations.replaced_on,
  benchmark_observations.score,
  benchmark_observations.previous_score,
  benchmark_observations.finding,
  benchmark_observations.source
from base.benchmark_observations
inner join app.benchmark_dimensions
  on benchmark_dimensions.id = benchmark_observations.dimension_id
left join app.competitors
  on competitors.id = benchmark_observations.competitor_id;

comment on view report.benchmark_scores is
  '对标评分 / Benchmark scores
One row per competitor or ourselves, dimension and day of observation. A score counts from observed_on until replaced_on.';

comment on column report.benchmark_scores.party is
  '对象 / Party
competitor or ourselves.';
comment on column report.benchmark_scores.competitor_id is
  '竞品编号 / Competitor no.
Its record; null for ourselves.';
comment on column report.benchmark_scores.party_name is
  '名称 / Name
Of the competitor; 我们 for ourselves.';
comment on column report.benchmark_scores.party_name_en is
  '名称（英文） / Name (English)
Of the competitor; Ourselves for ourselves.';
comment on column report.benchmark_scores.dimension_id is
  '维度编号 / Dimension no.
Its record.';
comment on column report.benchmark_scores.dimension_code is
  '维度编码 / Dimension code
Code of the dimension, such as tiers or points.';
comment on column report.benchmark_scores.dimension_name is
  '维度 / Dimension
What is compared.';
comment on column report.benchmark_scores.dimension_name_en is
  '维度（英文） / Dimension (English)
What is compared.';
comment on column report.benchmark_scores.dimension_position is
  '排序 / Position
Order of the dimensions.';
comment on column report.benchmark_scores.dimension_weight is
  '权重 / Weight
How much the dimension counts in the overall score, beside the weights of the others.';
comment on column report.benchmark_scores.active is
  '对标中 / Compared now
Both the competitor and the dimension are in use.';
comment on column report.benchmark_scores.observed_on is
  '观察日期 / Observed on
Day from which the score counts.';
comment on column report.benchmark_scores.replaced_on is
  '被取代日期 / Replaced on
Day from which the next observation of the same counts; null while there is none.';
comment on column report.benchmark_scores.score is
  '评分 / Score
1 (poor) to 5 (best known).';
comment on column report.benchmark_scores.previous_score is
  '上次评分 / Score before
Of the observation before, of the same party and dimension; null for the first.';
comment on column report.benchmark_scores.finding is
  '观察内容 / Finding
What was seen.';
comment on column report.benchmark_scores.source is
  '来源 / Source
Where it was seen.';
