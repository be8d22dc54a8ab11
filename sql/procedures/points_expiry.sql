create function ops.points_expiry(earned_on date, zone text, months integer, expiry text, expiry_month integer, expiry_day integer)
returns timestamptz
language sql
immutable
begin atomic
  with last_days as (
    select (earned_on + make_interval(months => months))::date as last_on
    where expiry = 'rolling'

    union all

    -- The day named of this year or the next, at least a month ahead; the 31st of a shorter month is its last day.
    select min(named.last_on)
    from (
      select
        least(
          make_date(extract(year from earned_on)::integer + years.later, expiry_month, 1) + (expiry_day - 1),
          (make_date(extract(year from earned_on)::integer + years.later, expiry_month, 1) + interval '1 month - 1 day')::date
        ) as last_on
      from generate_series(0, 2) as years (later)
    ) as named
    where expiry = 'fixed_date'
      and named.last_on >= earned_on + interval '1 month'
  )

  select (last_days.last_on + 1)::timestamp at time zone zone
  from last_days
  where last_days.last_on is not null;
end;

comment on function ops.points_expiry(date, text, integer, text, integer, integer) is
  'When points earned on a day expire: the midnight after the last day on which they can be used; null: never. 31 January + 1 month
is 28 February.';
