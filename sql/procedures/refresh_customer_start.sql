-- A new day counts only before a customer's second one, and then the first two of it and the known two are the answer. Only
-- where one of the known two went is the history asked.
create function ops.refresh_customer_start()
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  written bigint;
begin
  with lost as materialized (
    select distinct customer_day_changes.customer_id
    from app.customer_day_changes
    inner join app.customer_start
      on customer_start.customer_id = customer_day_changes.customer_id
    where customer_day_changes.order_count = 0
      and customer_day_changes.orders_added < 0
      and customer_day_changes.day in (customer_start.first_order_on, customer_start.second_order_on)
  ),

  gained as materialized (
    select
      customer_day_changes.customer_id,
      customer_day_changes.day,
      customer_start.first_order_on,
      customer_start.second_order_on
    from app.customer_day_changes
    left join app.customer_start
      on customer_start.customer_id = customer_day_changes.customer_id
    where customer_day_changes.order_count > 0
      and customer_day_changes.orders_added = customer_day_changes.order_count
      and (customer_start.second_order_on is null or customer_day_changes.day < customer_start.second_order_on)
      and customer_day_changes.customer_id not in (select lost.customer_id from lost)
  ),

  days as (
    select
      gained.customer_id,
      gained.day
    from gained
    union
    select
      gained.customer_id,
      gained.first_order_on as day
    from gained
    where gained.first_order_on is not null
    union
    select
      gained.customer_id,
      gained.second_order_on as day
    from gained
    where gained.second_order_on is not null
    union all
    select
      lost.customer_id,
      remaining.day
    from lost
    cross join lateral (
      select customer_day.day
      from app.customer_day
      where customer_day.customer_id = lost.customer_id
        and customer_day.order_count > 0
      order by customer_day.day
      limit 2
    ) as remaining
  ),

  fresh as materialized (
    select
      days.customer_id,
      array_agg(days.day order by days.day) as days
    from days
    group by days.customer_id
  ),

  -- As they were: a statement does not see what its own parts write.
  known as (
    select
      customer_start.customer_id,
      customer_start.first_order_on,
      customer_start.second_order_on
    from app.customer_start
    where customer_start.customer_id in (select fresh.customer_id from fresh union all select lost.customer_id from lost)
  ),

  moved as (
    select
      fresh.days[1] as first_order_on,
      fresh.days[2] as second_order_on,
      1 as customers_added
    from fresh
    union all
    select
      known.first_order_on,
      known.second_order_on,
      -1 as customers_added
    from known
  ),

  added_up as (
    insert into app.first_order_day (day, customer_count, repurchased_30d_count)
    select
      moved.first_order_on,
      sum(moved.customers_added),
      coalesce(sum(moved.customers_added) filter (where moved.second_order_on <= moved.first_order_on + 30), 0)
    from moved
    group by moved.first_order_on
    on conflict (day) do update set
      customer_count = first_order_day.customer_count + excluded.customer_count,
      repurchased_30d_count = first_order_day.repurchased_30d_count + excluded.repurchased_30d_count
    where excluded.customer_count <> 0
      or excluded.repurchased_30d_count <> 0
  ),

  deleted as (
    delete from app.customer_start
    using lost
    where customer_start.customer_id = lost.customer_id
      and lost.customer_id not in (select fresh.customer_id from fresh)
    returning 1
  ),

  written as (
    insert into app.customer_start (customer_id, first_order_on, second_order_on)
    select
      fresh.customer_id,
      fresh.days[1],
      fresh.days[2]
    from fresh
    order by fresh.customer_id
    on conflict (customer_id) do update set
      first_order_on = excluded.first_order_on,
      second_order_on = excluded.second_order_on
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written)
  into written;

  return written;
end;
$$;

comment on function ops.refresh_customer_start() is
  'Finds the first two days with an order again for the customers whom app.customer_day_changes can concern, and adds what this
changes to app.first_order_day; returns how many rows of customers were written.';
