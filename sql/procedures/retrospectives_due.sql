create function ops.retrospectives_due(as_of date)
returns setof date
language sql
stable
begin atomic
  with last as (
    select
      date_trunc('month', as_of::timestamp) - interval '1 month' as month_on,
      (select max(retrospectives.month_on) from app.retrospectives) as written_on,
      extract(day from as_of) as day_of_month
  )

  select due::date
  from last
  cross join generate_series(
    greatest(coalesce(last.written_on + interval '1 month', last.month_on), last.month_on - interval '11 months'),
    last.month_on,
    interval '1 month'
  ) as due
  cross join base.programme
  where exists (
    select
    from app.order_day
    where order_day.day >= due::date
      and order_day.day < (due + interval '1 month')::date
  )
  -- Facts of the last days are on their way for some days, not for ever.
  and (programme.observed_until >= (due + interval '1 month')::date or last.day_of_month >= 4)
  order by due;
end;

comment on function ops.retrospectives_due(date) is
  'Months that are over, have orders and no retrospective: the last one, and those since the one written last, at most twelve. A month whose last day is not known
whole waits until the fourth of the next.';
