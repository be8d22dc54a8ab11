-- Tier and segment are those of the moment, as all facts known lead to them: a day worked out late comes out as it would have then.
create function ops.benefit_audience(run bigint, version bigint, at_time timestamptz, only_customers bigint[])
returns table (customer_id bigint, tier_id bigint, usable_from date, usable_until date)
language plpgsql
stable
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  on_day date := (at_time at time zone zone)::date;
  asked record;
begin
  select * into strict asked
  from base.benefit_versions
  where benefit_versions.version_id = version;

  if asked.status <> 'active' or asked.by_package_only or on_day < asked.starts_on or on_day > asked.ends_on then
    return;
  end if;

  return query
  with chosen_segments as materialized (
    select
      segments.rule_set_id,
      segments.segment_code
    from base.segments
    where segments.id = any (asked.segments)
  ),

  people as (
    select
      customers.id,
      customers.birth_on,
      customers.enrolled_on,
      stays.tier_id
    from app.customers
    left join app.tier_stays as stays
      on stays.book_id = 0
      and stays.customer_id = customers.id
      and stays.entered_at <= at_time
      and (stays.left_at is null or stays.left_at > at_time)
    where customers.status = 'active'
      and customers.enrolled_at <= at_time
      and (only_customers is null or customers.id = any (only_customers))
  ),

  named as (
    select people.*
    from people
    where (asked.tiers = '{}' and asked.segments = '{}')
      or people.tier_id = any (asked.tiers)
      or exists (
        select
        from app.segment_memberships
        inner join chosen_segments
          on chosen_segments.rule_set_id = segment_memberships.rule_set_id
          and chosen_segments.segment_code = segment_memberships.segment_code
        where segment_memberships.customer_id = people.id
          and segment_memberships.entered_on <= on_day
          and (segment_memberships.left_on is null or segment_memberships.left_on > on_day)
      )
  )

  select
    named.id,
    named.tier_id,
    greatest(lower(occasion.days), asked.starts_on, named.enrolled_on),
    least(upper(occasion.days), asked.ends_on + 1)
  from named
  cross join lateral (
    select
      case
        when asked.occasion = 'always' then daterange(null, null)
        else ops.customer_occasion(
          0, named.id, asked.occasion, asked.occasion_days, named.birth_on, named.enrolled_on, at_time, on_day
        )
      end as days
    -- Worked out once for whoever asks.
    offset 0
  ) as occasion
  where occasion.days @> on_day
    and (
      asked.customer_condition is null
      or exists (
        select
        from app.benefit_matches
        where benefit_matches.run_id = run
          and benefit_matches.benefit_id = asked.benefit_id
          and benefit_matches.customer_id = named.id
      )
    );
end;
$$;

comment on function ops.benefit_audience(bigint, bigint, timestamptz, bigint[]) is
  'Who may use a benefit by themselves at a moment, by a version of it: by tier or segment, occasion, condition (app.benefit_matches of the
run) and dates; with the days of the occasion. All customers, or of those named.';
