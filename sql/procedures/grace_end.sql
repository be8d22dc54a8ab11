create function ops.grace_end(ended_at timestamptz, grace_days integer, grace_until text, zone text)
returns timestamptz
language sql
immutable
begin atomic
  select case grace_until
    when 'month_end' then date_trunc('month', (ended_at at time zone zone) + make_interval(days => grace_days - 1)) + interval '1 month'
    when 'quarter_end' then date_trunc('quarter', (ended_at at time zone zone) + make_interval(days => grace_days - 1)) + interval '3 months'
    when 'year_end' then date_trunc('year', (ended_at at time zone zone) + make_interval(days => grace_days - 1)) + interval '1 year'
    else (ended_at at time zone zone) + make_interval(days => grace_days)
  end at time zone zone;
end;

comment on function ops.grace_end(timestamptz, integer, text, text) is
  'The midnight at which the grace after the end of a tier is over: so many days later, run on to the end of that month, quarter or year.';
