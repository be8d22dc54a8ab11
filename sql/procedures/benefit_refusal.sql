-- Only asked when nothing was open to use; the order is that in which a person would say it.
create function ops.benefit_refusal(run bigint, customer bigint, benefit bigint, at_time timestamptz)
returns text
language plpgsql
stable
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  on_day date := (at_time at time zone zone)::date;
  held record;
  holds boolean;
begin
  if exists (
    select
    from app.benefit_quotas
    where benefit_quotas.customer_id = customer
      and benefit_quotas.benefit_id = benefit
      and benefit_quotas.usable_from <= on_day
      and coalesce(benefit_quotas.usable_until > on_day, true)
      and benefit_quotas.quota is not null
  ) then
    return case
      when exists (
        select
        from app.benefit_quotas
        where benefit_quotas.customer_id = customer
          and benefit_quotas.benefit_id = benefit
          and benefit_quotas.usable_from <= on_day
          and coalesce(benefit_quotas.usable_until > on_day, true)
          and benefit_quotas.used + benefit_quotas.reserved < benefit_quotas.quota + benefit_quotas.carried_over
      ) then 'period_closed'
      else 'quota_used_up'
    end;
  end if;

  select * into held
  from base.benefit_versions
  where benefit_versions.benefit_id = benefit
    and benefit_versions.effective_from_at <= at_time
    and coalesce(benefit_versions.effective_until_at > at_time, true);

  if held.version_id is null or held.status <> 'active' then
    return 'not_active';
  elsif held.starts_on > on_day then
    return 'not_started';
  elsif held.ends_on < on_day then
    return 'ended';
  end if;

  holds := exists (
    select
    from app.benefit_grants
    inner join base.benefit_package_versions
      on benefit_package_versions.version_id = benefit_grants.version_id
    cross join lateral jsonb_to_recordset(benefit_package_versions.items) as item (benefit_id bigint)
    where benefit_grants.customer_id = customer
      and benefit_grants.granted_at <= at_time
      and benefit_grants.period_until > on_day
      and coalesce(benefit_grants.ended_at > at_time, true)
      and item.benefit_id = benefit
  );

  if not holds and (
    held.by_package_only
    or not (
      (held.tiers = '{}' and held.segments = '{}')
      or exists (
        select
        from app.tier_stays
        where tier_stays.book_id = 0
          and tier_stays.customer_id = customer
          and tier_stays.tier_id = any (held.tiers)
          and tier_stays.entered_at <= at_time
          and coalesce(tier_stays.left_at > at_time, true)
      )
      or exists (
        select
        from app.segment_memberships
        inner join base.segments
          on segments.rule_set_id = segment_memberships.rule_set_id
          and segments.segment_code = segment_memberships.segment_code
        where segment_memberships.customer_id = customer
          and segments.id = any (held.segments)
          and segment_memberships.entered_on <= on_day
          and coalesce(segment_memberships.left_on > on_day, true)
      )
    )
  ) then
    return 'not_eligible';
  elsif not holds and held.customer_condition is not null and not exists (
    select
    from app.benefit_matches
    where benefit_matches.run_id = run
      and benefit_matches.benefit_id = benefit
      and benefit_matches.customer_id = customer
  ) then
    return 'condition_not_met';
  end if;
  return case when held.occasion = 'always' then 'not_eligible' else 'occasion_not_now' end;
end;
$$;

comment on function ops.benefit_refusal(bigint, bigint, bigint, timestamptz) is
  'Why a customer may not use a benefit at a moment: not_active, not_started, ended, not_eligible, condition_not_met, occasion_not_now,
quota_used_up, or period_closed where what was left has been taken along into the next period.';
