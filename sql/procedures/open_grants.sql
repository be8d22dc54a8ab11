-- Of a grant the versions of its moment count: what was promised then is kept to its end.
create function ops.open_grants(package bigint, at_time timestamptz, only_customers bigint[], everything boolean)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  today date := (at_time at time zone zone)::date;
  opened bigint;
begin
  with versions as materialized (
    select
      grants.version_id as package_version_id,
      grants.granted_at,
      benefit_versions.*,
      item.quota as item_quota,
      coalesce(item.quota, benefit_versions.quota) as uses,
      item.quota is null and benefit_versions.quota is not null as by_own_period
    from (
      select distinct
        benefit_grants.version_id,
        benefit_grants.granted_at
      from app.benefit_grants
      where benefit_grants.package_id = package
        and benefit_grants.period_until > today
        and benefit_grants.ended_at is null
        and benefit_grants.granted_at <= at_time
        and (only_customers is null or benefit_grants.customer_id = any (only_customers))
    ) as grants
    inner join base.benefit_package_versions
      on benefit_package_versions.version_id = grants.version_id
    cross join lateral jsonb_to_recordset(benefit_package_versions.items) as item (benefit_id bigint, quota integer)
    inner join base.benefit_versions
      on benefit_versions.benefit_id = item.benefit_id
      and benefit_versions.effective_from_at <= grants.granted_at
      and (benefit_versions.effective_until_at is null or benefit_versions.effective_until_at > grants.granted_at)
    where benefit_versions.status = 'active'
      and (everything or benefit_versions.occasion <> 'always' or benefit_versions.starts_on = today)
  ),

  due as (
    select
      grants.customer_id,
      grants.id as grant_id,
      versions.*,
      greatest(
        grants.period_from,
        case when versions.by_own_period then ops.period_start(versions.quota_period, null, 1, null, today) end
      ) as first_on,
      least(
        grants.period_until,
        case when versions.by_own_period then ops.period_end(versions.quota_period, 1, null, today) end
      ) as over_on,
      occasion.days,
      stays.tier_id,
      (grants.granted_at at time zone zone)::date as granted_on
    from app.benefit_grants as grants
    inner join versions
      on versions.package_version_id = grants.version_id
      and versions.granted_at = grants.granted_at
    inner join app.customers
      on customers.id = grants.customer_id
      and customers.status = 'active'
    left join app.tier_stays as stays
      on stays.book_id = 0
      and stays.customer_id = grants.customer_id
      and stays.entered_at <= at_time
      and (stays.left_at is null or stays.left_at > at_time)
    cross join lateral (
      select
        case
          when versions.occasion = 'always' then daterange(null, null)
          else ops.customer_occasion(
            0, grants.customer_id, versions.occasion, versions.occasion_days, customers.birth_on, customers.enrolled_on, at_time, today
          )
        end as days
      -- Worked out once for whoever asks.
      offset 0
    ) as occasion
    where grants.package_id = package
      and grants.period_until > today
      and grants.ended_at is null
      and grants.granted_at <= at_time
      and (only_customers is null or grants.customer_id = any (only_customers))
      and occasion.days @> today
      and coalesce(versions.starts_on <= today, true)
      and coalesce(versions.ends_on >= today, true)
  ),

  wanted as (
    select
      due.*,
      greatest(due.first_on, due.granted_on, lower(due.days), due.starts_on) as usable_from,
      least(due.over_on, upper(due.days), due.ends_on + 1) as usable_until
    from due
    left join app.benefit_quotas as known
      on known.customer_id = due.customer_id
      and known.benefit_id = due.benefit_id
      and known.grant_id = due.grant_id
      and known.period_from = due.first_on
    where known.customer_id is null
      or known.usable_until < least(due.over_on, upper(due.days), due.ends_on + 1)
  )

  insert into app.benefit_quotas (
    customer_id, benefit_id, grant_id, period_from, version_id, tier_id, period_until, usable_from, usable_until, quota, carried_over, remind_on
  )
  select
    wanted.customer_id,
    wanted.benefit_id,
    wanted.grant_id,
    wanted.first_on,
    wanted.version_id,
    wanted.tier_id,
    wanted.over_on,
    wanted.usable_from,
    wanted.usable_until,
    wanted.uses,
    coalesce(least(wanted.carry_over_cap, before.left_uses), 0),
    case when wanted.uses is not null then wanted.usable_until - wanted.remind_days end
  from wanted
  left join lateral (
    -- From the month before of this grant, or from the grant before.
    select benefit_quotas.quota + benefit_quotas.carried_over - benefit_quotas.used - benefit_quotas.reserved as left_uses
    from app.benefit_quotas
    inner join app.benefit_grants
      on benefit_grants.customer_id = benefit_quotas.customer_id
      and benefit_grants.id = benefit_quotas.grant_id
      and benefit_grants.package_id = package
      and benefit_grants.ended_at is null
    where wanted.carry_over
      and benefit_quotas.customer_id = wanted.customer_id
      and benefit_quotas.benefit_id = wanted.benefit_id
      and benefit_quotas.period_until = wanted.first_on
    limit 1
  ) as before
    on true
  order by
    wanted.customer_id,
    wanted.benefit_id
  on conflict (customer_id, benefit_id, grant_id, period_from) do update
  set usable_until = greatest(benefit_quotas.usable_until, excluded.usable_until);

  get diagnostics opened = row_count;
  return opened;
end;
$$;

comment on function ops.open_grants(bigint, timestamptz, bigint[], boolean) is
  'Opens what the running grants of a package give at a moment (to all holders, or to those named): each benefit for the period of the
grant, or for its own periods within it, on its occasion. Not everything: only what has an occasion or begins on the day.';
