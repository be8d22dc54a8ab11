create view base.tier_criteria as

with every as (
  select
    tiers.id as tier_id,
    0 as position,
    tiers.basis,
    tiers.window_kind,
    tiers.window_days,
    tiers.window_start_month,
    tiers.enter_at,
    tiers.retain_at,
    tiers.reenter_at,
    tiers.segments
  from app.tiers
  union all
  select
    tiers.id as tier_id,
    items.position::integer as position,
    items.value ->> 'basis' as basis,
    items.value ->> 'window_kind' as window_kind,
    (items.value ->> 'window_days')::integer as window_days,
    coalesce((items.value ->> 'window_start_month')::integer, 1) as window_start_month,
    (items.value ->> 'enter_at')::numeric as enter_at,
    (items.value ->> 'retain_at')::numeric as retain_at,
    (items.value ->> 'reenter_at')::numeric as reenter_at,
    array(
      select segments.id::bigint
      from jsonb_array_elements_text(coalesce(items.value -> 'segments', '[]')) with ordinality as segments (id, place)
      order by segments.place
    ) as segments
  from app.tiers
  cross join jsonb_array_elements(tiers.criteria) with ordinality as items (value, position)
)

select
  tiers.id as tier_id,
  tiers.code as tier_code,
  tiers.rank,
  tiers.status,
  every.position,
  tiers.criteria_match = 'any' or tiers.criteria = '[]' as sufficient,
  every.basis,
  every.window_kind,
  case when every.window_kind = 'rolling' then every.window_days end as window_days,
  case when every.window_kind in ('quarter', 'year') then every.window_start_month end as window_start_month,
  every.enter_at,
  coalesce(every.retain_at, every.enter_at) as retain_at,
  coalesce(every.reenter_at, every.enter_at) as reenter_at,
  every.segments
from every
inner join app.tiers
  on tiers.id = every.tier_id;

comment on view base.tier_criteria is
  'What it takes to be in a tier
One row per tier and criterion; position 0 is the first one. sufficient: this one alone is enough, otherwise all of the tier''s are needed. Thresholds that are not set follow the one to enter; basis segment and invitation have none.';
