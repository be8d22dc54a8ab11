create view base.benchmark_observations as

select
  benchmark_observations.id,
  benchmark_observations.party,
  benchmark_observations.competitor_id,
  coalesce(competitors.name, '我们') || ' · ' || benchmark_dimensions.name as title,
  coalesce(competitors.name_en, 'Ourselves') || ' · ' || benchmark_dimensions.name_en as title_en,
  benchmark_observations.dimension_id,
  benchmark_observations.observed_on,
  -- The next of the same takes over.
  lead(benchmark_observations.observed_on) over same as replaced_on,
  benchmark_observations.score,
  lag(benchmark_observations.score) over same as previous_score,
  benchmark_observations.finding,
  benchmark_observations.source,
  coalesce(
    benchmark_observations.observed_on <= programme.today_on
    and coalesce(lead(benchmark_observations.observed_on) over same > programme.today_on, true),
    false
  ) as current,
  (
    select audit_entries.user_id
    from app.audit_entries
    where audit_entries.resource = 'benchmark_observations'
      and audit_entries.record_id = benchmark_observations.id
    order by audit_entries.id
    limit 1
  ) as entered_by,
  benchmark_observations.extras,
  benchmark_observations.version,
  benchmark_observations.created_at,
  benchmark_observations.updated_at
from app.benchmark_observations
inner join app.benchmark_dimensions
  on benchmark_dimensions.id = benchmark_observations.dimension_id
left join app.competitors
  on competitors.id = benchmark_observations.competitor_id
cross join base.programme
window same as (
  partition by benchmark_observations.competitor_id, benchmark_observations.dimension_id
  order by benchmark_observations.observed_on
);

comment on view base.benchmark_observations is
  'Observations of competitors and of ourselves
One row per competitor (none: ourselves), dimension and day of observation, with the one before and the day on which the next took over.';
