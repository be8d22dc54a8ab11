create function ops.benefits_left(customer bigint, at_time timestamptz)
returns table (
  benefit_id bigint,
  package_id bigint,
  usable_from date,
  usable_until date,
  quota integer,
  carried_over integer,
  used integer,
  reserved integer,
  left_uses integer
)
language plpgsql
stable
as $$
declare
  on_day date := (select (at_time at time zone settings.time_zone)::date from app.settings);
begin
  return query
  with open_now as (
    select
      quotas.*,
      benefit_grants.package_id
    from app.benefit_quotas as quotas
    left join app.benefit_grants
      on benefit_grants.customer_id = quotas.customer_id
      and benefit_grants.id = quotas.grant_id
    where quotas.customer_id = customer
      and quotas.usable_from <= on_day
      and coalesce(quotas.usable_until > on_day, true)
  )

  select
    open_now.benefit_id,
    open_now.package_id,
    open_now.usable_from,
    open_now.usable_until,
    open_now.quota,
    open_now.carried_over,
    open_now.used,
    open_now.reserved,
    open_now.quota + open_now.carried_over - open_now.used - open_now.reserved
  from open_now

  union all

  -- What is opened when it is used.
  select
    versions.benefit_id,
    null,
    on_day,
    audience.usable_until,
    versions.quota,
    0,
    0,
    0,
    versions.quota
  from base.benefit_versions as versions
  cross join lateral ops.benefit_audience(0, versions.version_id, at_time, array[customer]) as audience
  where versions.effective_from_at <= at_time
    and coalesce(versions.effective_until_at > at_time, true)
    and versions.customer_condition is null
    and not exists (
      select
      from app.benefit_quotas as quotas
      where quotas.customer_id = customer
        and quotas.benefit_id = versions.benefit_id
        and quotas.grant_id = 0
        and quotas.period_from = ops.period_start(coalesce(versions.quota_period, 'lifetime'), null, 1, null, on_day)
        and quotas.quota is not null
    )
    and not exists (
      select
      from open_now
      where open_now.benefit_id = versions.benefit_id
        and open_now.quota is null
    );
end;
$$;

comment on function ops.benefits_left(bigint, timestamptz) is
  'What a customer may use at a moment and how often still (empty: as often as they like). What they qualify for by a condition of their
own is there once the day has opened it.';
