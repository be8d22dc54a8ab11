create function ops.span_minutes(number integer, unit text)
returns integer
language sql
immutable
parallel safe
return number * case unit when 'minutes' then 1 when 'hours' then 60 when 'days' then 1440 end;

comment on function ops.span_minutes(integer, text) is 'A time as staff write it, "2 hours", in minutes.';
