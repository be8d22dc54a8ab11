create function ops.occasion_window(
  occasion text, occasion_days integer, birth_on date, enrolled_on date, first_order_on date, upgraded_on date, on_day date
)
returns daterange
language sql
immutable
begin atomic
  select case occasion
    when 'always' then daterange(null, null)
    when 'birthday' then (
      select daterange(birthday.on_day, birthday.on_day + 1)
      from (
        select ops.year_day(
          extract(year from occasion_window.on_day)::integer, extract(month from birth_on)::integer, extract(day from birth_on)::integer
        ) as on_day
        where birth_on is not null
      ) as birthday
    )
    when 'birthday_month' then case
      when extract(month from birth_on) = extract(month from occasion_window.on_day) then daterange(
        date_trunc('month', occasion_window.on_day::timestamp)::date,
        (date_trunc('month', occasion_window.on_day::timestamp) + interval '1 month')::date
      )
    end
    when 'enrolment' then case when enrolled_on is not null then daterange(enrolled_on, enrolled_on + occasion_days) end
    when 'first_order' then case when first_order_on is not null then daterange(first_order_on, first_order_on + occasion_days) end
    when 'anniversary' then (
      select daterange(anniversary.on_day, anniversary.on_day + coalesce(occasion_days, 1))
      from (
        select ops.year_day(years.number, extract(month from enrolled_on)::integer, extract(day from enrolled_on)::integer) as on_day
        from (
          values
            (extract(year from occasion_window.on_day)::integer),
            (extract(year from occasion_window.on_day)::integer - 1)
        ) as years (number)
      ) as anniversary
      where anniversary.on_day <= occasion_window.on_day
        and anniversary.on_day > enrolled_on
      order by anniversary.on_day desc
      limit 1
    )
    when 'tier_upgrade' then case when upgraded_on is not null then daterange(upgraded_on, upgraded_on + occasion_days) end
  end;
end;

comment on function ops.occasion_window(text, integer, date, date, date, date, date) is
  'The days of an occasion about a day; null when it has not been, empty days when there is none. 29 February is 28 February in other
years. An anniversary lasts a day, an upgrade for good, where no days are said.';
