-- A customer is counted again only where the number of their orders changed, and in the period after, whose buyers may have bought
-- before; what a period had before follows.
create function ops.refresh_order_period(days date[])
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  -- The planner sees how little of the history the periods of these days, the ones before and the ones after are.
  first_on date := (
    select least(
      date_trunc('week', min(changed.day)::timestamp) - interval '1 week',
      date_trunc('month', min(changed.day)::timestamp) - interval '1 month'
    )
    from unnest(days) as changed (day)
  );
  last_on date := (select max(changed.day) + 62 from unnest(days) as changed (day));
  written bigint;
begin
  with grains (grain, length) as (
    values ('week', interval '1 week'), ('month', interval '1 month')
  ),

  touched as materialized (
    select
      grains.grain,
      grains.length,
      date_trunc(grains.grain, customer_day_changes.day::timestamp)::date as starts_on,
      (date_trunc(grains.grain, customer_day_changes.day::timestamp) + grains.length)::date as ends_on,
      customer_day_changes.customer_id,
      sum(customer_day_changes.orders_added) as orders_added
    from app.customer_day_changes
    cross join grains
    where customer_day_changes.orders_added <> 0
    group by 1, 2, 3, 4, 5
  ),

  concerned as (
    select
      touched.grain,
      touched.length,
      touched.starts_on,
      touched.customer_id
    from touched
    union
    select
      touched.grain,
      touched.length,
      touched.ends_on as starts_on,
      touched.customer_id
    from touched
  ),

  counted as (
    select
      concerned.grain,
      concerned.starts_on,
      concerned.customer_id,
      coalesce(sum(customer_day.order_count) filter (where customer_day.day >= concerned.starts_on), 0) as order_count,
      coalesce(sum(customer_day.order_count) filter (where customer_day.day < concerned.starts_on), 0) as earlier_count
    from concerned
    left join app.customer_day
      on customer_day.customer_id = concerned.customer_id
      and customer_day.day >= (concerned.starts_on - concerned.length)::date
      and customer_day.day < (concerned.starts_on + concerned.length)::date
      and customer_day.day >= first_on
      and customer_day.day <= last_on
    group by concerned.grain, concerned.starts_on, concerned.customer_id
  ),

  standings as (
    select
      counted.grain,
      counted.starts_on,
      counted.order_count,
      counted.earlier_count,
      counted.order_count - coalesce(own.orders_added, 0) as known_order_count,
      counted.earlier_count - coalesce(earlier.orders_added, 0) as known_earlier_count
    from counted
    left join touched as own
      on own.grain = counted.grain
      and own.customer_id = counted.customer_id
      and own.starts_on = counted.starts_on
    left join touched as earlier
      on earlier.grain = counted.grain
      and earlier.customer_id = counted.customer_id
      and earlier.ends_on = counted.starts_on
  ),

  differences as (
    select
      standings.grain,
      standings.starts_on,
      count(*) filter (where standings.order_count >= 1)
        - count(*) filter (where standings.known_order_count >= 1) as buyers_added,
      count(*) filter (where standings.order_count >= 2)
        - count(*) filter (where standings.known_order_count >= 2) as repeat_buyers_added,
      count(*) filter (where standings.order_count >= 1 and standings.earlier_count >= 1)
        - count(*) filter (where standings.known_order_count >= 1 and standings.known_earlier_count >= 1) as retained_added
    from standings
    group by standings.grain, standings.starts_on
  ),

  periods as (
    select
      grains.grain,
      date_trunc(grains.grain, changed.day::timestamp)::date as starts_on
    from unnest(days) as changed (day)
    cross join grains
    union
    select
      differences.grain,
      differences.starts_on
    from differences
    where differences.retained_added <> 0
  )

  insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count, retained_buyer_count)
  select
    periods.grain,
    periods.starts_on,
    coalesce(differences.buyers_added, 0),
    coalesce(differences.repeat_buyers_added, 0),
    coalesce(differences.retained_added, 0)
  from periods
  left join differences
    on differences.grain = periods.grain
    and differences.starts_on = periods.starts_on
  on conflict (grain, starts_on) do update set
    buyer_count = order_period.buyer_count + excluded.buyer_count,
    repeat_buyer_count = order_period.repeat_buyer_count + excluded.repeat_buyer_count,
    retained_buyer_count = order_period.retained_buyer_count + excluded.retained_buyer_count
  where excluded.buyer_count <> 0
    or excluded.repeat_buyer_count <> 0
    or excluded.retained_buyer_count <> 0;

  get diagnostics written = row_count;
  return written;
end;
$$;

comment on function ops.refresh_order_period(date[]) is
  'Adds to the buyers of the weeks and months that these days lie in what app.customer_day_changes made of them; returns the
periods that changed.';
