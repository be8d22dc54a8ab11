-- Who has it already keeps it; where it became more meanwhile (a higher quota, another occasion in the same period) they get that.
create function ops.open_benefit(run bigint, benefit bigint, at_time timestamptz, only_customers bigint[])
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  on_day date := (at_time at time zone zone)::date;
  held record;
  first_on date;
  over_on date;
  opened bigint;
begin
  select * into held
  from base.benefit_versions
  where benefit_versions.benefit_id = benefit
    and benefit_versions.effective_from_at <= at_time
    and (benefit_versions.effective_until_at is null or benefit_versions.effective_until_at > at_time);
  if not found then
    return 0;
  end if;

  first_on := ops.period_start(coalesce(held.quota_period, 'lifetime'), null, 1, null, on_day);
  over_on := ops.period_end(coalesce(held.quota_period, 'lifetime'), 1, null, on_day);

  with wanted as (
    select
      audience.customer_id,
      audience.tier_id,
      greatest(first_on, audience.usable_from) as usable_from,
      -- What is not counted is asked for anew each day.
      case when held.quota is null then on_day + 1 else least(over_on, audience.usable_until) end as usable_until,
      case
        when held.carry_over then least(
          held.carry_over_cap,
          before.quota + before.carried_over - before.used - before.reserved
        )
      end as carried_over
    from ops.benefit_audience(run, held.version_id, at_time, only_customers) as audience
    left join app.benefit_quotas as before
      on held.carry_over
      and before.customer_id = audience.customer_id
      and before.benefit_id = benefit
      and before.grant_id = 0
      and before.period_until = first_on
    left join app.benefit_quotas as known
      on known.customer_id = audience.customer_id
      and known.benefit_id = benefit
      and known.grant_id = 0
      and known.period_from = first_on
    where known.customer_id is null
      or known.quota < held.quota
      or (known.quota is not null and held.quota is null)
      or known.usable_until < case when held.quota is null then on_day + 1 else least(over_on, audience.usable_until) end
  )

  insert into app.benefit_quotas (
    customer_id, benefit_id, grant_id, period_from, version_id, tier_id, period_until, usable_from, usable_until, quota, carried_over, remind_on
  )
  select
    wanted.customer_id,
    benefit,
    0,
    first_on,
    held.version_id,
    wanted.tier_id,
    over_on,
    greatest(wanted.usable_from, case when wanted.usable_from = '-infinity' then on_day end),
    wanted.usable_until,
    held.quota,
    coalesce(wanted.carried_over, 0),
    case when held.quota is not null then wanted.usable_until - held.remind_days end
  from wanted
  order by wanted.customer_id
  on conflict (customer_id, benefit_id, grant_id, period_from) do update
  set
    quota = case when excluded.quota is null then null else greatest(benefit_quotas.quota, excluded.quota) end,
    usable_until = case
      when excluded.usable_until is null or benefit_quotas.usable_until is null then null
      else greatest(benefit_quotas.usable_until, excluded.usable_until)
    end,
    version_id = excluded.version_id,
    remind_on = excluded.remind_on;

  get diagnostics opened = row_count;
  return opened;
end;
$$;

comment on function ops.open_benefit(bigint, bigint, timestamptz, bigint[]) is
  'Opens the period of a benefit in which the moment lies for those whose it is by themselves (all, or of those named), with what they
bring along from the period before; returns how many were opened or became more. Again it changes nothing.';
