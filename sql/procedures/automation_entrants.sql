create function ops.automation_entrants(work bigint, automation bigint, as_of date)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  held app.automations;
  since date;
  found_now integer;
begin
  select * into held from app.automations where automations.id = automation and automations.status = 'running';
  if held.id is null or held.trigger = 'fact' then
    return 0;
  end if;

  -- Days that were missed are made up for, a month of them at most.
  since := greatest(
    coalesce(
      (select automation_progress.done_on + 1 from app.automation_progress where automation_progress.automation_id = automation),
      held.launched_on,
      as_of
    ),
    as_of - 31
  );

  insert into app.automation_entrants (work_id, customer_id, trigger_key)
  -- Worked out once, whatever is known of how many stays there are: for each of them it would cost minutes.
  with chosen as materialized (
    select
      segments.rule_set_id,
      segments.segment_code
    from base.segments
    where segments.id = any (held.trigger_segments)
  )

  select
    work,
    stays.customer_id,
    stays.segment_code || ' ' || stays.entered_on
  from app.segment_memberships as stays
  inner join chosen
    on chosen.rule_set_id = stays.rule_set_id
    and chosen.segment_code = stays.segment_code
  where held.trigger = 'segment_enter'
    and stays.entered_on <= as_of
    and (stays.left_on is null or stays.left_on > as_of)
    and (
      stays.entered_on >= since
      -- Whoever was there when it was launched.
      or (held.include_present and since <= held.launched_on)
    )

  union

  select
    work,
    stays.customer_id,
    stays.segment_code || ' left ' || stays.left_on
  from app.segment_memberships as stays
  inner join chosen
    on chosen.rule_set_id = stays.rule_set_id
    and chosen.segment_code = stays.segment_code
  where held.trigger = 'segment_leave'
    and stays.left_on between since and as_of

  union

  -- Each customer's own day in the one or two years that the days lie in.
  select
    work,
    own.customer_id,
    held.trigger || ' ' || own.day - held.days_before
  from (
    select
      customers.id as customer_id,
      customers.enrolled_on,
      ops.year_day(years.year, extract(month from their.day)::integer, extract(day from their.day)::integer) as day
    from app.customers
    cross join lateral (
      select case held.trigger when 'birthday' then customers.birth_on when 'anniversary' then customers.enrolled_on end as day
    ) as their
    cross join generate_series(
      extract(year from since + held.days_before)::integer, extract(year from as_of + held.days_before)::integer
    ) as years (year)
    where held.trigger in ('birthday', 'anniversary')
      and customers.status = 'active'
      and their.day is not null
  ) as own
  where own.day - held.days_before between since and as_of
    and (held.trigger = 'birthday' or own.enrolled_on < own.day - held.days_before - 300)

  union

  select
    work,
    customers.id,
    'calendar ' || times.starts_on
  from ops.occurrences(
    held.repeat_from, held.repeat_from, held.repeat, held.repeat_interval, held.repeat_weekdays, null, since, as_of
  ) as times
  inner join app.customers
    on customers.status = 'active'
    and customers.id <> 0
  where held.trigger = 'calendar'
    and times.starts_on between since and as_of;

  get diagnostics found_now = row_count;

  insert into app.automation_progress (automation_id, done_on)
  values (automation, as_of)
  on conflict (automation_id) do update
  set done_on = greatest(automation_progress.done_on, excluded.done_on);

  return found_now;
end;
$$;

comment on function ops.automation_entrants(bigint, bigint, date) is
  'Whom a day, and those before it that were missed, brings to an automation: who came into or left its segments, whose birthday or anniversary lies so many days ahead, everybody on a day of its calendar. Returns how many.';
