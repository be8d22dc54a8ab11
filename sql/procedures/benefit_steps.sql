-- What is theirs by a rule about customers is asked of everybody each day, as segments are; otherwise everybody is asked when a
-- period begins or the benefit has changed, and in between those for whom something has changed.
create function ops.benefit_steps(benefit bigint, as_of date)
returns table (day date, condition jsonb, everybody boolean, since_on date, version_id bigint)
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  held record;
  done record;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen benefit ' || benefit, 0));

  select * into held
  from base.benefit_versions
  where benefit_versions.benefit_id = benefit
    and benefit_versions.effective_from_at <= as_of::timestamp at time zone zone
    and coalesce(benefit_versions.effective_until_at > as_of::timestamp at time zone zone, true);

  select
    benefit_openings.opened_on,
    benefit_openings.version_id
  into done
  from app.benefit_openings
  where benefit_openings.kind = 'benefit'
    and benefit_openings.record_id = benefit;

  -- What is not counted is opened when it is used.
  if held.version_id is null or held.status <> 'active' or held.by_package_only or held.quota is null or done.opened_on >= as_of then
    return;
  end if;

  return query
  select
    days.day::date,
    held.customer_condition,
    done.opened_on is null
    or held.customer_condition is not null
    or held.occasion in ('birthday', 'birthday_month', 'anniversary')
    or coalesce(held.starts_on = days.day, false)
    or ops.period_start(held.quota_period, null, 1, null, days.day::date) = days.day
    or (done.version_id <> held.version_id and days.day = as_of),
    done.opened_on,
    held.version_id
  from generate_series(coalesce(done.opened_on + 1, as_of)::timestamp, as_of::timestamp, interval '1 day') as days (day)
  where days.day = as_of
    or ops.period_start(held.quota_period, null, 1, null, days.day::date) = days.day
  order by days.day;
end;
$$;

comment on function ops.benefit_steps(bigint, date) is
  'The days on which a benefit is yet to be opened up to a day: each at which a period of it began, and the day itself; whether everybody
is asked or those for whom something has changed since. Holds the benefit until the transaction ends.';
