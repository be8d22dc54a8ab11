create view base.segment_rule_sets as

with latest as (
  select distinct on (segment_snapshots.rule_set_id)
    segment_snapshots.rule_set_id,
    segment_snapshots.as_of_on,
    segment_snapshots.customer_count
  from app.segment_snapshots
  where segment_snapshots.computed_at is not null
  order by segment_snapshots.rule_set_id, segment_snapshots.as_of_on desc
),

others as (
  select
    latest.rule_set_id,
    latest.as_of_on,
    latest.customer_count,
    segment_day.customer_count as other_count
  from latest
  inner join app.segment_day
    on segment_day.rule_set_id = latest.rule_set_id
    and segment_day.as_of_on = latest.as_of_on
    and segment_day.segment_code = 'other'
),

waiting as (
  select
    segment_snapshots.rule_set_id,
    count(*) as day_count
  from app.segment_snapshots
  where segment_snapshots.stale
  group by segment_snapshots.rule_set_id
)

select
  segment_rule_sets.id,
  segment_rule_sets.code,
  segment_rule_sets.name,
  segment_rule_sets.name_en,
  in_force.number as version_in_force,
  in_force.effective_from as in_force_since,
  others.as_of_on as computed_on,
  others.customer_count,
  round((others.customer_count - others.other_count)::numeric / nullif(others.customer_count, 0), 4) as covered_rate,
  coalesce(waiting.day_count, 0) as waiting_days,
  segment_rule_sets.extras,
  segment_rule_sets.version,
  segment_rule_sets.created_at,
  segment_rule_sets.updated_at
from app.segment_rule_sets
cross join base.programme
left join app.segment_rule_set_versions as in_force
  on in_force.rule_set_id = segment_rule_sets.id
  and in_force.state = 'published'
  and in_force.effective_from <= programme.today_on
  and (in_force.effective_to > programme.today_on or in_force.effective_to is null)
left join others
  on others.rule_set_id = segment_rule_sets.id
left join waiting
  on waiting.rule_set_id = segment_rule_sets.id;

comment on view base.segment_rule_sets is
  'Segment rule sets
One row per rule set, with the version in force today and how much of the customers it covered on the latest computed day.';
