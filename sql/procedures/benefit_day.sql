create function ops.benefit_day(run bigint, benefit bigint, version bigint, as_of date, everybody boolean, since_on date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  since_at timestamptz := since_on::timestamp at time zone zone;
  held record;
  changed bigint[];
  opened bigint := 0;
begin
  select * into strict held
  from base.benefit_versions
  where benefit_versions.version_id = version;

  if not everybody then
    select array_agg(distinct touched.customer_id)
    into changed
    from (
      select customers.id as customer_id
      from app.customers
      where customers.enrolled_on >= since_on

      union all

      select tier_stays.customer_id
      from app.tier_stays
      where (held.tiers <> '{}' or held.occasion = 'tier_upgrade')
        and tier_stays.book_id = 0
        and tier_stays.entered_at >= since_at

      union all

      select tier_changes.customer_id
      from app.tier_changes
      where (held.tiers <> '{}' or held.occasion = 'tier_upgrade')
        and tier_changes.recorded_at >= since_at

      union all

      select segment_memberships.customer_id
      from app.segment_memberships
      inner join base.segments
        on segments.id = any (held.segments)
        and segments.rule_set_id = segment_memberships.rule_set_id
        and segments.segment_code = segment_memberships.segment_code
      where segment_memberships.entered_on >= since_on

      union all

      select customer_start.customer_id
      from app.customer_start
      where held.occasion = 'first_order'
        and customer_start.first_order_on >= since_on
    ) as touched;
  end if;

  if everybody or changed is not null then
    opened := ops.open_benefit(run, benefit, as_of::timestamp at time zone zone, changed);
  end if;

  insert into app.benefit_openings (kind, record_id, version_id, opened_on)
  values ('benefit', benefit, version, as_of)
  on conflict (kind, record_id) do update
  set
    version_id = excluded.version_id,
    opened_on = excluded.opened_on;

  return opened;
end;
$$;

comment on function ops.benefit_day(bigint, bigint, bigint, date, boolean, date) is
  'Opens a benefit on a day for everybody whose it is, or for those of whom something has changed since; returns for how many.';
