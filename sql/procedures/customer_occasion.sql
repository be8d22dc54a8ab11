create function ops.customer_occasion(
  book bigint, customer bigint, occasion text, occasion_days integer, birth_on date, enrolled_on date, at_time timestamptz, on_day date
)
returns daterange
language plpgsql
stable
-- Kept plans, also where the routine that asks plans anew.
set plan_cache_mode = auto
as $$
declare
  first_order_on date;
  upgraded_on date;
begin
  if occasion = 'always' then
    return daterange(null, null);
  end if;

  if occasion = 'first_order' then
    select min(orders.placed_on)
    into first_order_on
    from app.orders
    where orders.customer_id = customer
      and orders.status in ('paid', 'completed')
      and coalesce(orders.paid_at, orders.placed_at) <= at_time;
  elsif occasion = 'tier_upgrade' then
    select max((tier_stays.entered_at at time zone settings.time_zone)::date)
    into upgraded_on
    from app.tier_stays
    cross join app.settings
    where tier_stays.book_id = book
      and tier_stays.customer_id = customer
      and tier_stays.reason = 'upgrade'
      and tier_stays.entered_at <= at_time;
  end if;

  return ops.occasion_window(occasion, occasion_days, birth_on, enrolled_on, first_order_on, upgraded_on, on_day);
end;
$$;

comment on function ops.customer_occasion(bigint, bigint, text, integer, date, date, timestamptz, date) is
  'The days about a day of a customer''s occasion as known at a moment (tiers: of one book); as ops.occasion_window has them.';
