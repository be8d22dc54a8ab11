create function ops.period_end(window_kind text, start_month integer, enrolled_on date, on_day date)
returns date
language sql
immutable
begin atomic
  select case window_kind
    when 'month' then (date_trunc('month', on_day::timestamp) + interval '1 month')::date
    when 'quarter' then (ops.period_start('quarter', null, start_month, enrolled_on, on_day) + interval '3 months')::date
    when 'year' then (ops.period_start('year', null, start_month, enrolled_on, on_day) + interval '1 year')::date
    when 'anniversary' then (
      enrolled_on + make_interval(years => extract(year from on_day)::integer - extract(year from enrolled_on)::integer
        + (enrolled_on + make_interval(years => extract(year from on_day)::integer - extract(year from enrolled_on)::integer) <= on_day)::integer)
    )::date
  end;
end;

comment on function ops.period_end(text, integer, date, date) is
  'The first day after the qualification period in which a day lies; null where periods do not end (rolling, lifetime).';
