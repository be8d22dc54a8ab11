create view base.segment_sizes as

with latest as (
  select
    segment_snapshots.rule_set_id,
    max(segment_snapshots.as_of_on) as computed_on
  from app.segment_snapshots
  where segment_snapshots.computed_at is not null
  group by segment_snapshots.rule_set_id
)

select
  segments.id,
  segments.rule_set_name || ' · ' || segments.segment_name as title,
  segments.rule_set_name_en || ' · ' || segments.segment_name_en as title_en,
  segments.rule_set_id,
  segments.segment_code as code,
  segments.segment_name as name,
  segments.segment_name_en as name_en,
  segments.position,
  segments.in_force,
  latest.computed_on,
  case when latest.computed_on is not null then coalesce(segment_day.customer_count, 0) end as customer_count,
  round(segment_day.customer_count::numeric / nullif(segment_snapshots.customer_count, 0), 4) as customer_share,
  segment_day.net_amount
from base.segments
left join latest
  on latest.rule_set_id = segments.rule_set_id
left join app.segment_snapshots
  on segment_snapshots.rule_set_id = latest.rule_set_id
  and segment_snapshots.as_of_on = latest.computed_on
left join app.segment_day
  on segment_day.rule_set_id = latest.rule_set_id
  and segment_day.as_of_on = latest.computed_on
  and segment_day.segment_code = segments.segment_code;

comment on view base.segment_sizes is
  'Segments with their sizes
One row per segment of every rule set, with its customers on the latest computed day.';
