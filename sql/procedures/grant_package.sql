-- The row of the period is locked by whoever grants, so that its most holds; members of longest standing come first.
create function ops.grant_package(
  package bigint, at_time timestamptz, why text, since_on date, only_customers bigint[], user_id bigint, note text
)
returns bigint[]
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  today date := (at_time at time zone zone)::date;
  since_at timestamptz := since_on::timestamp at time zone zone;
  held record;
  first_on date;
  over_on date;
  key_on date;
  left_grants bigint;
  granted_now bigint[];
  resumed_now bigint[];
begin
  select * into held
  from base.benefit_package_versions
  where benefit_package_versions.package_id = package
    and benefit_package_versions.effective_from_at <= at_time
    and (benefit_package_versions.effective_until_at is null or benefit_package_versions.effective_until_at > at_time);
  if not found or held.status <> 'active' or today < held.starts_on or today > held.ends_on then
    return '{}';
  end if;

  first_on := case held.period when 'days' then today else ops.period_start(held.period, null, 1, null, today) end;
  over_on := case held.period when 'days' then today + held.period_days else ops.period_end(held.period, 1, null, today) end;
  key_on := case held.period when 'days' then '-infinity' else first_on end;

  insert into app.benefit_package_periods (package_id, period_from)
  values (package, key_on)
  on conflict (package_id, period_from) do nothing;

  select held.max_grants - benefit_package_periods.granted
  into left_grants
  from app.benefit_package_periods
  where benefit_package_periods.package_id = package
    and benefit_package_periods.period_from = key_on
  for update;

  -- Whoever lost it in this period goes on with it: what they had used is used, and it has its place already.
  with lost as materialized (
    select
      benefit_grants.customer_id,
      benefit_grants.id,
      benefit_grants.version_id,
      benefit_grants.ended_at
    from app.benefit_grants
    inner join app.customers
      on customers.id = benefit_grants.customer_id
      and customers.status = 'active'
    where why = 'manual'
      and benefit_grants.customer_id = any (only_customers)
      and benefit_grants.package_id = package
      and benefit_grants.ended_at is not null
      and (benefit_grants.period_from = first_on or (held.period = 'days' and benefit_grants.period_until > today))
    order by
      benefit_grants.customer_id,
      benefit_grants.id
    for update of benefit_grants
  ),

  resumed as (
    update app.benefit_grants
    set ended_at = null, remind_on = benefit_grants.period_until - held.remind_days
    from lost
    where benefit_grants.customer_id = lost.customer_id
      and benefit_grants.id = lost.id
  ),

  anew as (
    select ops.multiply_anew(lost.version_id, array_agg(lost.customer_id), array_agg(lost.ended_at))
    from lost
    group by lost.version_id
  )

  select coalesce(array_agg(distinct lost.customer_id), '{}')
  into resumed_now
  from lost
  left join anew
    on true;

  with chosen_segments as materialized (
    select
      segments.rule_set_id,
      segments.segment_code
    from base.segments
    where segments.id = any (held.segments)
  ),

  -- By hand whoever is named; otherwise who is in a tier or segment of the package, or has come into one since.
  named as (
    select chosen.id as customer_id
    from unnest(only_customers) as chosen (id)
    where why = 'manual'

    union

    select tier_stays.customer_id
    from app.tier_stays
    where why <> 'manual'
      and tier_stays.book_id = 0
      and tier_stays.tier_id = any (held.tiers)
      and tier_stays.entered_at <= at_time
      and (tier_stays.left_at is null or tier_stays.left_at > at_time)
      and (
        why = 'period'
        or tier_stays.entered_at >= since_at
        -- What a late fact has led to was entered earlier than anybody knew.
        or exists (
          select
          from app.tier_changes
          where tier_changes.customer_id = tier_stays.customer_id
            and tier_changes.to_tier_id = tier_stays.tier_id
            and tier_changes.reason = 'correction'
            and tier_changes.recorded_at >= since_at
        )
      )

    union

    select segment_memberships.customer_id
    from app.segment_memberships
    inner join chosen_segments
      on chosen_segments.rule_set_id = segment_memberships.rule_set_id
      and chosen_segments.segment_code = segment_memberships.segment_code
    where why <> 'manual'
      and segment_memberships.entered_on <= today
      and (segment_memberships.left_on is null or segment_memberships.left_on > today)
      and (why = 'period' or segment_memberships.entered_on >= since_on)
  ),

  chosen as (
    select customers.id
    from named
    inner join app.customers
      on customers.id = named.customer_id
    where customers.status = 'active'
      and customers.enrolled_at <= at_time
      and not exists (
        select
        from app.benefit_grants
        where benefit_grants.customer_id = named.customer_id
          and benefit_grants.package_id = package
          and (benefit_grants.period_from = first_on or (held.period = 'days' and benefit_grants.period_until > today))
      )
    order by
      customers.enrolled_at,
      customers.id
    limit case when left_grants is not null then greatest(left_grants, 0) end
  ),

  made as (
    insert into app.benefit_grants (
      customer_id, package_id, version_id, period_from, period_until, granted_at, reason, note, granted_by, remind_on
    )
    select
      chosen.id,
      package,
      held.version_id,
      first_on,
      over_on,
      at_time,
      why,
      note,
      nullif(user_id, 0),
      over_on - held.remind_days
    from chosen
    returning benefit_grants.customer_id
  )

  select coalesce(array_agg(made.customer_id), '{}')
  into granted_now
  from made;

  update app.benefit_package_periods
  set granted = benefit_package_periods.granted + cardinality(granted_now)
  where benefit_package_periods.package_id = package
    and benefit_package_periods.period_from = key_on
    and cardinality(granted_now) > 0;

  -- What was worked in meanwhile by a package that multiplies points is worked in again.
  perform ops.multiply_anew(held.version_id, granted_now, array_fill(at_time, array[cardinality(granted_now)]));

  return granted_now || resumed_now;
end;
$$;

comment on function ops.grant_package(bigint, timestamptz, text, date, bigint[], bigint, text) is
  'Grants a package at a moment: by period to whoever is in its tiers or segments, by entry to whoever came into one from since_on on, by
hand to those named; never more than its most of the period, never twice in one. One that was taken back in the period goes on. Returns whom. What they get is opened by ops.open_grants.';
