create function ops.engine_tiers(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  insert into app.engine_tiers (
    run_id, version_id, tier_id, effective_from_at, effective_until_at, status, rank, any_criterion, upgrade, validity_kind,
    validity_months, downgrade, grace_days, grace_until, floor_tier_id, point_multiplier, growth_multiplier
  )
  select
    run,
    versions.id,
    versions.record_id,
    versions.effective_from_at,
    versions.effective_until_at,
    tier.status,
    tier.rank,
    tier.criteria_match = 'any' or tier.criteria = '[]',
    tier.upgrade,
    tier.validity_kind,
    tier.validity_months,
    tier.downgrade,
    tier.grace_days,
    tier.grace_until,
    tier.floor_tier_id,
    tier.point_multiplier,
    tier.growth_multiplier
  from base.programme_versions as versions
  cross join lateral jsonb_to_record(versions.body) as tier (
    status text, rank integer, criteria_match text, criteria jsonb, upgrade text, validity_kind text, validity_months integer,
    downgrade text, grace_days integer, grace_until text, floor_tier_id bigint, point_multiplier numeric, growth_multiplier numeric
  )
  where versions.resource = 'tiers'
    and versions.body is not null;

  insert into app.engine_criteria (
    run_id, version_id, position, basis, window_kind, window_days, window_start_month, segments, enter_at, retain_at, reenter_at
  )
  select
    run,
    versions.id,
    items.position,
    criterion.basis,
    criterion.window_kind,
    criterion.window_days,
    coalesce(criterion.window_start_month, 1),
    coalesce(criterion.segments, '{}'),
    criterion.enter_at,
    coalesce(criterion.retain_at, criterion.enter_at),
    coalesce(criterion.reenter_at, criterion.enter_at)
  from base.programme_versions as versions
  cross join lateral (
    select
      0 as position,
      versions.body as body
    union all
    select
      further.place::integer,
      further.body
    from jsonb_array_elements(versions.body -> 'criteria') with ordinality as further (body, place)
  ) as items
  cross join lateral jsonb_to_record(items.body) as criterion (
    basis text, window_kind text, window_days integer, window_start_month integer, segments bigint[], enter_at numeric,
    retain_at numeric, reenter_at numeric
  )
  where versions.resource = 'tiers'
    and versions.body is not null;
end;
$$;

comment on function ops.engine_tiers(bigint) is
  'Lays out the versions of tiers, and what they ask for, for a run.';
