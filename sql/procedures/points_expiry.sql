-- One expression, so that Postgres writes it into the statement that asks: it is asked for every lot.
create function ops.points_expiry(earned_on date, zone text, months integer, expiry text, expiry_month integer, expiry_day integer)
returns timestamptz
language sql
immutable
begin atomic
  select case expiry
    when 'rolling' then ((earned_on + make_interval(months => months))::date + 1)::timestamp at time zone zone
    -- The day named of this year or of one of the next two, whichever is the first at least a month ahead.
    when 'fixed_date' then (
      case
        when ops.year_day(extract(year from earned_on)::integer, expiry_month, expiry_day) >= earned_on + interval '1 month'
          then ops.year_day(extract(year from earned_on)::integer, expiry_month, expiry_day)
        when ops.year_day(extract(year from earned_on)::integer + 1, expiry_month, expiry_day) >= earned_on + interval '1 month'
          then ops.year_day(extract(year from earned_on)::integer + 1, expiry_month, expiry_day)
        else ops.year_day(extract(year from earned_on)::integer + 2, expiry_month, expiry_day)
      end + 1
    )::timestamp at time zone zone
  end;
end;

comment on function ops.points_expiry(date, text, integer, text, integer, integer) is
  'When points earned on a day expire: the midnight after the last day on which they can be used; null: never. 31 January + 1 month
is 28 February.';
