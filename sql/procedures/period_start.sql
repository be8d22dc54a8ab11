-- One expression each, so that Postgres writes it into the statement that asks.
create function ops.period_start(window_kind text, window_days integer, start_month integer, enrolled_on date, on_day date)
returns date
language sql
immutable
begin atomic
  select case window_kind
    when 'rolling' then on_day - window_days + 1
    when 'month' then date_trunc('month', on_day::timestamp)::date
    when 'quarter' then (date_trunc('month', on_day::timestamp) - make_interval(months => (extract(month from on_day)::integer - start_month + 12) % 3))::date
    when 'year' then (date_trunc('month', on_day::timestamp) - make_interval(months => (extract(month from on_day)::integer - start_month + 12) % 12))::date
    when 'anniversary' then (
      enrolled_on + make_interval(years => extract(year from on_day)::integer - extract(year from enrolled_on)::integer
        - (enrolled_on + make_interval(years => extract(year from on_day)::integer - extract(year from enrolled_on)::integer) > on_day)::integer)
    )::date
    else '-infinity'::date
  end;
end;

comment on function ops.period_start(text, integer, integer, date, date) is
  'The first day of the qualification period in which a day lies; of a rolling one, so many days back; -infinity for lifetime.';
