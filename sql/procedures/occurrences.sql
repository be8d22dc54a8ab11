-- The times of something that repeats, as api/recurrence.ts draws them: a month that lacks the day has it on its last one;
-- what lasts from the first to the last day of months does so every time, anything else the same number of days.
create function ops.occurrences(
  first_starts_on date,
  first_ends_on date,
  repeat text,
  repeat_interval integer,
  repeat_weekdays text[],
  repeat_until date,
  window_from date,
  window_to date
)
returns table (starts_on date, ends_on date)
language sql
immutable
begin atomic
  with rule as (
    select
      coalesce(first_ends_on, first_starts_on) as last_on,
      greatest(coalesce(repeat_interval, 1), 1) as every,
      least(coalesce(repeat_until, 'infinity'), window_to) as latest,
      -- No time lasts longer than the first, but for the three days by which months differ.
      window_from - (coalesce(first_ends_on, first_starts_on) - first_starts_on) - 3 as earliest,
      case repeat when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end as months,
      date_trunc('week', first_starts_on)::date as monday,
      case
        when coalesce(cardinality(repeat_weekdays), 0) > 0 then repeat_weekdays::integer[]
        else array[extract(isodow from first_starts_on)::integer]
      end as weekdays,
      repeat in ('month', 'quarter', 'year')
        and extract(day from first_starts_on) = 1
        and extract(day from coalesce(first_ends_on, first_starts_on) + 1) = 1 as whole_months
  ),

  beginnings as (
    select first_starts_on as starts_on
    from rule
    where repeat is null

    union all

    select first_starts_on + turn * rule.every
    from rule
    cross join lateral generate_series(
      greatest(0, (rule.earliest - first_starts_on) / rule.every - 1),
      (rule.latest - first_starts_on) / rule.every
    ) as turn
    where repeat = 'day' and rule.latest >= first_starts_on

    union all

    select rule.monday + (weekday - 1) + turn * 7 * rule.every
    from rule
    cross join lateral generate_series(
      greatest(0, (rule.earliest - first_starts_on) / (7 * rule.every) - 1),
      (rule.latest - rule.monday) / (7 * rule.every)
    ) as turn
    cross join lateral unnest(rule.weekdays) as weekday
    where repeat = 'week' and rule.latest >= first_starts_on

    union all

    -- From the first day each time: stepping from 28 February would never come back to the 31st.
    select (first_starts_on + make_interval(months => turn * rule.every * rule.months))::date
    from rule
    cross join lateral generate_series(
      greatest(
        0,
        (
          (extract(year from rule.earliest) - extract(year from first_starts_on)) * 12
          + extract(month from rule.earliest) - extract(month from first_starts_on)
        )::integer / (rule.every * rule.months) - 1
      ),
      (
        (extract(year from rule.latest) - extract(year from first_starts_on)) * 12
        + extract(month from rule.latest) - extract(month from first_starts_on)
      )::integer / (rule.every * rule.months)
    ) as turn
    where rule.months is not null and rule.latest >= first_starts_on
  ),

  spans as (
    select
      beginnings.starts_on,
      case
        when coalesce(rule.whole_months, false) then
          (
            beginnings.starts_on
            + make_interval(months => (
              (extract(year from rule.last_on) - extract(year from first_starts_on)) * 12
              + extract(month from rule.last_on) - extract(month from first_starts_on) + 1
            )::integer)
          )::date - 1
        else beginnings.starts_on + (rule.last_on - first_starts_on)
      end as ends_on
    from beginnings
    cross join rule
    where beginnings.starts_on >= first_starts_on
      and (repeat is null or beginnings.starts_on <= rule.latest)
  )

  select
    spans.starts_on,
    spans.ends_on
  from spans
  where spans.starts_on <= window_to
    and spans.ends_on >= window_from
  order by spans.starts_on;
end;

comment on function ops.occurrences(date, date, text, integer, text[], date, date, date) is
  'The times that share at least a day with the window: of what begins and ends on the given days and repeats every so many days, weeks, months, quarters or years (null: once).';
