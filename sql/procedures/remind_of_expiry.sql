create function ops.remind_of_expiry(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  made bigint;
begin
  insert into app.points_reminders (customer_id, expires_on, days_before, points, remind_on)
  select
    points_lots.customer_id,
    remind_of_expiry.as_of + days.before,
    days.before,
    sum(points_lots.available),
    remind_of_expiry.as_of
  from (values (30), (7), (1)) as days (before)
  cross join app.settings
  inner join app.points_lots
    on points_lots.expires_at = (remind_of_expiry.as_of + days.before + 1)::timestamp at time zone settings.time_zone
  where points_lots.book_id = 0
    and points_lots.account = 'points'
    and points_lots.available > 0
  group by points_lots.customer_id, days.before
  on conflict (customer_id, expires_on, days_before) do nothing;

  get diagnostics made = row_count;
  return made;
end;
$$;

comment on function ops.remind_of_expiry(date) is
  'Notes who is to be reminded on the day of points whose last day is 30, 7 or 1 days ahead; once each, however often it is called. Returns how many.';
