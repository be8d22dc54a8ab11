-- In plpgsql, so that its plan is made once and is no part of the engine's own. By what holds at the order's time alone, so that books that are done again come to the same.
create function ops.benefit_multiplier(book bigint, customer bigint, tier bigint, at_time timestamptz, on_day date)
returns table (more numeric, parts jsonb)
language plpgsql
stable
as $$
begin
  return query
  -- Asked for every order: only the versions that multiply are read out of their bodies.
  with offered as (
    select
      versions.record_id as benefit_id,
      versions.effective_from_at,
      (
        select min(later.effective_from_at)
        from app.programme_versions as later
        where later.resource = 'benefits'
          and later.record_id = versions.record_id
          and (later.effective_from_at, later.id) > (versions.effective_from_at, versions.id)
      ) as effective_until_at,
      benefit.point_multiplier,
      coalesce(benefit.by_package_only, false) as by_package_only,
      coalesce(benefit.tiers, '{}') as tiers,
      coalesce(benefit.segments, '{}') as segments,
      benefit.occasion,
      benefit.occasion_days
    from app.programme_versions as versions
    cross join lateral jsonb_to_record(versions.body) as benefit (
      status text, point_multiplier numeric, by_package_only boolean, tiers bigint[], segments bigint[], occasion text,
      occasion_days integer, starts_on date, ends_on date
    )
    where versions.resource = 'benefits'
      and versions.body ->> 'kind' = 'point_multiplier'
      and benefit.status = 'active'
      and coalesce(benefit.starts_on <= benefit_multiplier.on_day, true)
      and coalesce(benefit.ends_on >= benefit_multiplier.on_day, true)
  ),

  given as (
    select
      offered.benefit_id,
      offered.point_multiplier,
      offered.occasion,
      offered.occasion_days
    from app.benefit_grants
    inner join app.programme_versions as packages
      on packages.id = benefit_grants.version_id
    cross join lateral jsonb_to_recordset(packages.body -> 'items') as item (benefit_id bigint)
    inner join offered
      on offered.benefit_id = item.benefit_id
      and offered.effective_from_at <= benefit_grants.granted_at
      and coalesce(offered.effective_until_at > benefit_grants.granted_at, true)
    where benefit_grants.customer_id = customer
      and benefit_grants.granted_at <= at_time
      and benefit_grants.period_until > benefit_multiplier.on_day

    union all

    select
      offered.benefit_id,
      offered.point_multiplier,
      offered.occasion,
      offered.occasion_days
    from offered
    where offered.effective_from_at <= at_time
      and coalesce(offered.effective_until_at > at_time, true)
      and not offered.by_package_only
      and (
        (offered.tiers = '{}' and offered.segments = '{}')
        or tier = any (offered.tiers)
        or exists (
          select
          from app.segment_memberships
          inner join base.segments
            on segments.rule_set_id = segment_memberships.rule_set_id
            and segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = customer
            and segments.id = any (offered.segments)
            -- As the evening before left it: the day's own is not known at its midnight.
            and segment_memberships.entered_on < benefit_multiplier.on_day
            and (segment_memberships.left_on is null or segment_memberships.left_on >= benefit_multiplier.on_day)
        )
      )
  ),

  -- Who has it in two ways has it once.
  once as (
    select
      given.benefit_id,
      max(given.point_multiplier) as point_multiplier
    from given
    inner join app.customers
      on customers.id = customer
    cross join lateral (
      select
        (
          select min(orders.placed_on)
          from app.orders
          where given.occasion = 'first_order'
            and orders.customer_id = customer
            and orders.status in ('paid', 'completed')
            and coalesce(orders.paid_at, orders.placed_at) <= at_time
        ) as first_order_on,
        (
          select max((tier_stays.entered_at at time zone settings.time_zone)::date)
          from app.tier_stays
          cross join app.settings
          where given.occasion = 'tier_upgrade'
            and tier_stays.book_id = book
            and tier_stays.customer_id = customer
            and tier_stays.reason = 'upgrade'
            and tier_stays.entered_at <= at_time
        ) as upgraded_on
    ) as life
    where ops.occasion_window(
      given.occasion, given.occasion_days, customers.birth_on, customers.enrolled_on, life.first_order_on, life.upgraded_on,
      benefit_multiplier.on_day
    ) @> benefit_multiplier.on_day
    group by given.benefit_id
  )

  select
    sum(once.point_multiplier - 1),
    jsonb_agg(jsonb_build_object('benefit_id', once.benefit_id, 'factor', once.point_multiplier) order by once.benefit_id)
  from once;
end;
$$;

comment on function ops.benefit_multiplier(bigint, bigint, bigint, timestamptz, date) is
  'What the benefits of kind point_multiplier of a customer exceed one by at the time of an order: those of packages they hold and those
that are theirs by tier or segment; nulls where there is none.';
