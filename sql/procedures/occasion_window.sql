create function ops.occasion_window(
  occasion text, occasion_days integer, birth_on date, enrolled_on date, first_order_on date, upgraded_on date, on_day date
)
returns daterange
language plpgsql
immutable
-- Each branch by itself is much quicker than one expression with a query for every case.
as $$
declare
  day_year constant integer := extract(year from on_day);
  begins_on date;
  lasts integer := occasion_days;
begin
  if occasion = 'always' then
    return daterange(null, null);
  elsif occasion = 'birthday' and birth_on is not null then
    begins_on := ops.year_day(day_year, extract(month from birth_on)::integer, extract(day from birth_on)::integer);
    lasts := 1;
  elsif occasion = 'birthday_month' then
    if extract(month from birth_on) = extract(month from on_day) then
      begins_on := date_trunc('month', on_day::timestamp);
      return daterange(begins_on, (begins_on + interval '1 month')::date);
    end if;
  elsif occasion = 'enrolment' then
    begins_on := enrolled_on;
  elsif occasion = 'first_order' then
    begins_on := first_order_on;
  elsif occasion = 'tier_upgrade' then
    begins_on := upgraded_on;
  elsif occasion = 'anniversary' and enrolled_on is not null then
    begins_on := ops.year_day(day_year, extract(month from enrolled_on)::integer, extract(day from enrolled_on)::integer);
    if begins_on > on_day then
      begins_on := ops.year_day(day_year - 1, extract(month from enrolled_on)::integer, extract(day from enrolled_on)::integer);
    end if;
    if begins_on <= enrolled_on then
      return null;
    end if;
    lasts := coalesce(occasion_days, 1);
  end if;

  if begins_on is null then
    return null;
  end if;
  return daterange(begins_on, begins_on + lasts);
end;
$$;

comment on function ops.occasion_window(text, integer, date, date, date, date, date) is
  'The days of an occasion about a day; null when it has not been, empty days when there is none. 29 February is 28 February in other
years. An anniversary lasts a day, an upgrade for good, where no days are said.';
