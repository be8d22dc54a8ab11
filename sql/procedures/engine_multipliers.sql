create function ops.engine_multipliers(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  with offered as materialized (
    select
      versions.record_id as benefit_id,
      versions.id as version_id,
      versions.effective_from_at,
      versions.effective_until_at,
      benefit.point_multiplier,
      coalesce(benefit.by_package_only, false) as by_package_only,
      coalesce(benefit.tiers, '{}') as tiers,
      coalesce(benefit.segments, '{}') as segments,
      benefit.occasion,
      benefit.occasion_days,
      benefit.starts_on,
      benefit.ends_on
    from base.programme_versions as versions
    cross join lateral jsonb_to_record(versions.body) as benefit (
      status text, point_multiplier numeric, by_package_only boolean, tiers bigint[], segments bigint[], occasion text,
      occasion_days integer, starts_on date, ends_on date
    )
    where versions.resource = 'benefits'
      and versions.body ->> 'kind' = 'point_multiplier'
      and benefit.status = 'active'
  ),

  -- Of a package every version, also one that is no longer in force: who was granted it holds it.
  held as (
    select distinct
      packages.id as package_version_id,
      item.benefit_id
    from app.programme_versions as packages
    cross join lateral jsonb_to_recordset(packages.body -> 'items') as item (benefit_id bigint)
    where packages.resource = 'benefit_packages'
      and exists (select from offered)
  )

  insert into app.engine_multipliers (
    run_id, benefit_id, version_id, package_version_id, effective_from_at, effective_until_at, point_multiplier, tiers, segments,
    occasion, occasion_days, starts_on, ends_on
  )
  select
    run,
    offered.benefit_id,
    offered.version_id,
    ways.package_version_id,
    offered.effective_from_at,
    offered.effective_until_at,
    offered.point_multiplier,
    offered.tiers,
    offered.segments,
    offered.occasion,
    offered.occasion_days,
    offered.starts_on,
    offered.ends_on
  from offered
  cross join lateral (
    select null::bigint as package_version_id
    where not offered.by_package_only
    union all
    select held.package_version_id
    from held
    where held.benefit_id = offered.benefit_id
  ) as ways;
end;
$$;

comment on function ops.engine_multipliers(bigint) is
  'Lays out for a run the versions of benefits that multiply points, with the packages that hold them.';
