create function ops.year_day(year integer, month integer, day integer)
returns date
language sql
immutable
begin atomic
  select least(make_date(year, month, 1) + (day - 1), (make_date(year, month, 1) + interval '1 month - 1 day')::date);
end;

comment on function ops.year_day(integer, integer, integer) is
  'The day of a month of a year; the 31st of a shorter month is its last day.';
