-- A day that comes late does what the periods before it would have had, in their order; one that was done changes nothing.
create function ops.package_day(package bigint, as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  held record;
  done_on date;
  step record;
  granted bigint[];
  written bigint := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen benefit package ' || package, 0));

  select * into held
  from base.benefit_package_versions
  where benefit_package_versions.package_id = package
    and benefit_package_versions.effective_from_at <= as_of::timestamp at time zone zone
    and coalesce(benefit_package_versions.effective_until_at > as_of::timestamp at time zone zone, true);

  select benefit_openings.opened_on
  into done_on
  from app.benefit_openings
  where benefit_openings.kind = 'package'
    and benefit_openings.record_id = package;

  if held.version_id is null or done_on >= as_of or (done_on is null and held.status <> 'active') then
    return 0;
  end if;

  for step in
    select
      days.day::date as day,
      days.day at time zone zone as at_time,
      extract(day from days.day) = 1 as turns
    from generate_series(coalesce(done_on + 1, as_of)::timestamp, as_of::timestamp, interval '1 day') as days (day)
    where extract(day from days.day) = 1
      or days.day = as_of
    order by days.day
  loop
    granted := '{}';
    if held.grant_kind = 'on_entry' then
      granted := ops.grant_package(package, step.at_time, 'entry', coalesce(done_on, step.day - 1), null, 0, null);
    elsif held.grant_kind = 'each_period' and not exists (
      select
      from app.benefit_package_periods
      where benefit_package_periods.package_id = package
        and benefit_package_periods.period_from = ops.period_start(held.period, null, 1, null, step.day)
    ) then
      granted := ops.grant_package(package, step.at_time, 'period', null, null, 0, null);
    end if;
    written := written + cardinality(granted)
      + ops.open_grants(package, step.at_time, granted, true)
      + ops.open_grants(package, step.at_time, null, step.turns);
  end loop;

  insert into app.benefit_openings (kind, record_id, version_id, opened_on)
  values ('package', package, held.version_id, as_of)
  on conflict (kind, record_id) do update
  set
    version_id = excluded.version_id,
    opened_on = excluded.opened_on;

  return written;
end;
$$;

comment on function ops.package_day(bigint, date) is
  'What a day brings for a package: it is granted where its period begins or to whoever has come into a tier or segment, and what its grants
give on the day is opened. Returns how much was written.';
