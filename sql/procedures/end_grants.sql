-- The day of a package, which opens what grants give, is over before one ends, or sees that it has ended.
create function ops.end_grants(customers bigint[], grants bigint[], at timestamptz)
returns table (
  grant_id bigint,
  ended boolean,
  used_count integer
)
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  today constant date := (select (end_grants.at at time zone settings.time_zone)::date from app.settings);
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('evergreen benefit package ' || packages.id, 0))
  from (
    select distinct benefit_grants.package_id as id
    from app.benefit_grants
    where benefit_grants.customer_id = any (end_grants.customers)
      and benefit_grants.id = any (end_grants.grants)
    order by benefit_grants.package_id
  ) as packages;

  return query
  with held as (
    select
      benefit_grants.customer_id,
      benefit_grants.id,
      benefit_grants.version_id,
      quotas.used,
      -- Of what gives anew each month there is something left before the end, whatever was used.
      benefit_grants.period_until > today
        and benefit_grants.ended_at is null
        and jsonb_array_length(benefit_package_versions.items) > quotas.used_up as something_left
    from app.benefit_grants
    inner join base.benefit_package_versions
      on benefit_package_versions.version_id = benefit_grants.version_id
    cross join lateral (
      select
        coalesce(sum(benefit_quotas.used + benefit_quotas.reserved), 0)::integer as used,
        count(*) filter (
          where benefit_quotas.period_until = benefit_grants.period_until
            and benefit_quotas.used + benefit_quotas.reserved >= benefit_quotas.quota + benefit_quotas.carried_over
        ) as used_up
      from app.benefit_quotas
      where benefit_quotas.customer_id = benefit_grants.customer_id
        and benefit_quotas.grant_id = benefit_grants.id
    ) as quotas
    where benefit_grants.customer_id = any (end_grants.customers)
      and benefit_grants.id = any (end_grants.grants)
  ),

  over as (
    update app.benefit_grants
    set ended_at = end_grants.at, remind_on = null
    from held
    where benefit_grants.customer_id = held.customer_id
      and benefit_grants.id = held.id
      and held.something_left
    returning
      benefit_grants.customer_id,
      benefit_grants.id,
      benefit_grants.version_id
  ),

  closed as (
    update app.benefit_quotas
    set usable_until = today, remind_on = null
    from over
    where benefit_quotas.customer_id = over.customer_id
      and benefit_quotas.grant_id = over.id
      and benefit_quotas.usable_until > today
  ),

  unsaid as (
    delete from app.benefit_reminders
    using over
    where benefit_reminders.customer_id = over.customer_id
      and benefit_reminders.grant_id = over.id
      and benefit_reminders.sent_at is null
  ),

  anew as (
    select
      ops.multiply_anew(over.version_id, array_agg(over.customer_id), array_agg(end_grants.at))
    from over
    group by over.version_id
  )

  select
    held.id,
    held.something_left,
    held.used
  from held
  left join anew
    on true
  group by held.id, held.something_left, held.used;
end;
$$;

comment on function ops.end_grants(bigint[], bigint[], timestamptz) is
  'Takes back what is left of packages that customers hold: their grants end at a moment and nothing more of them is used; what was used or
is reserved stays. Returns of each whether it ended (not, where nothing was left) and how many uses stay. The caller holds the accounts.';
