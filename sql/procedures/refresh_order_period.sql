-- A customer is counted again only where the number of their orders changed; what the period had before follows.
create function ops.refresh_order_period(days date[])
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  -- The planner sees how little of the history the periods of these days are.
  first_on date := (
    select least(date_trunc('week', min(changed.day)::timestamp), date_trunc('month', min(changed.day)::timestamp))
    from unnest(days) as changed (day)
  );
  last_on date := (select max(changed.day) + 31 from unnest(days) as changed (day));
  written bigint;
begin
  with grains (grain, length) as (
    values ('week', interval '1 week'), ('month', interval '1 month')
  ),

  touched as materialized (
    select
      grains.grain,
      date_trunc(grains.grain, customer_day_changes.day::timestamp)::date as starts_on,
      (date_trunc(grains.grain, customer_day_changes.day::timestamp) + grains.length)::date as ends_on,
      customer_day_changes.customer_id,
      sum(customer_day_changes.orders_added) as orders_added
    from app.customer_day_changes
    cross join grains
    where customer_day_changes.orders_added <> 0
    group by 1, 2, 3, 4
  ),

  counted as (
    select
      touched.grain,
      touched.starts_on,
      touched.customer_id,
      touched.orders_added,
      coalesce(sum(customer_day.order_count), 0) as order_count
    from touched
    left join app.customer_day
      on customer_day.customer_id = touched.customer_id
      and customer_day.day >= touched.starts_on
      and customer_day.day < touched.ends_on
      and customer_day.day >= first_on
      and customer_day.day <= last_on
    group by touched.grain, touched.starts_on, touched.customer_id, touched.orders_added
  ),

  differences as (
    select
      counted.grain,
      counted.starts_on,
      count(*) filter (where counted.order_count >= 1)
        - count(*) filter (where counted.order_count - counted.orders_added >= 1) as buyers_added,
      count(*) filter (where counted.order_count >= 2)
        - count(*) filter (where counted.order_count - counted.orders_added >= 2) as repeat_buyers_added
    from counted
    group by counted.grain, counted.starts_on
  ),

  periods as (
    select distinct
      grains.grain,
      date_trunc(grains.grain, changed.day::timestamp)::date as starts_on
    from unnest(days) as changed (day)
    cross join grains
  )

  insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
  select
    periods.grain,
    periods.starts_on,
    coalesce(differences.buyers_added, 0),
    coalesce(differences.repeat_buyers_added, 0)
  from periods
  left join differences
    on differences.grain = periods.grain
    and differences.starts_on = periods.starts_on
  on conflict (grain, starts_on) do update set
    buyer_count = order_period.buyer_count + excluded.buyer_count,
    repeat_buyer_count = order_period.repeat_buyer_count + excluded.repeat_buyer_count
  where excluded.buyer_count <> 0
    or excluded.repeat_buyer_count <> 0;

  get diagnostics written = row_count;
  return written;
end;
$$;

comment on function ops.refresh_order_period(date[]) is
  'Adds to the buyers of the weeks and months that these days lie in what app.customer_day_changes made of them; returns the
periods that changed.';
