create function report.xmr_low(course numeric[])
returns numeric
language sql
immutable
parallel safe
begin atomic
  select
    case
      when count(points.value) >= 8 then round(avg(points.value) - 2.66 * avg(points.moved), 6)
    end
  from (
    select
      each_value.value,
      abs(each_value.value - lag(each_value.value) over (order by each_value.place)) as moved
    from unnest(course) with ordinality as each_value (value, place)
    where each_value.value is not null
  ) as points;
end;

comment on function report.xmr_low(numeric[]) is
  'Lower limit of an XmR chart
Of values in the order of time: their mean less 2.66 times the mean of what they move from one to the next. Null of fewer than eight.';
