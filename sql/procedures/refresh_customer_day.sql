create function ops.refresh_customer_day(days date[], out row_count bigint, out first_changed_on date)
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  perform ops.clear_customer_day_changes();

  with facts as (
    select
      orders.customer_id,
      orders.placed_on as day,
      1 as order_count,
      orders.amount,
      0.00 as returned_amount
    from app.orders
    where orders.placed_on = any (days)
      and orders.status <> 'cancelled'
      and orders.customer_id <> 0
    union all
    select
      returns.customer_id,
      returns.returned_on as day,
      0 as order_count,
      0.00 as amount,
      returns.amount as returned_amount
    from app.returns
    where returns.returned_on = any (days)
      and returns.customer_id <> 0
  ),

  fresh as materialized (
    select
      facts.customer_id,
      facts.day,
      sum(facts.order_count) as order_count,
      sum(facts.amount) as amount,
      sum(facts.returned_amount) as returned_amount
    from facts
    group by facts.customer_id, facts.day
  ),

  stored as (
    select
      customer_day.customer_id,
      customer_day.day,
      customer_day.order_count,
      customer_day.amount,
      customer_day.returned_amount
    from app.customer_day
    where customer_day.day = any (days)
  ),

  changes as materialized (
    select
      coalesce(fresh.customer_id, stored.customer_id) as customer_id,
      coalesce(fresh.day, stored.day) as day,
      coalesce(fresh.order_count, 0) as order_count,
      coalesce(fresh.amount, 0) as amount,
      coalesce(fresh.returned_amount, 0) as returned_amount,
      coalesce(fresh.order_count, 0) - coalesce(stored.order_count, 0) as orders_added,
      coalesce(fresh.amount, 0) - coalesce(stored.amount, 0) as amount_added,
      coalesce(fresh.returned_amount, 0) - coalesce(stored.returned_amount, 0) as returned_added,
      fresh.customer_id is null as gone
    from fresh
    full join stored
      on stored.customer_id = fresh.customer_id
      and stored.day = fresh.day
    where (fresh.order_count, fresh.amount, fresh.returned_amount)
      is distinct from (stored.order_count, stored.amount, stored.returned_amount)
  ),

  noted as (
    insert into app.customer_day_changes (
      customer_id, day, order_count, orders_added, amount_added, returned_added, gone
    )
    select
      changes.customer_id,
      changes.day,
      changes.order_count,
      changes.orders_added,
      changes.amount_added,
      changes.returned_added,
      changes.gone
    from changes
  ),

  deleted as (
    delete from app.customer_day
    using changes
    where changes.gone
      and customer_day.customer_id = changes.customer_id
      and customer_day.day = changes.day
  ),

  written as (
    insert into app.customer_day (customer_id, day, order_count, amount, returned_amount)
    select
      changes.customer_id,
      changes.day,
      changes.order_count,
      changes.amount,
      changes.returned_amount
    from changes
    where not changes.gone
    -- Along the primary key: a month of a million customers would otherwise jump about in it.
    order by changes.customer_id, changes.day
    on conflict (customer_id, day) do update set
      order_count = excluded.order_count,
      amount = excluded.amount,
      returned_amount = excluded.returned_amount
  )

  select
    count(*),
    min(changes.day)
  into row_count, first_changed_on
  from changes;
end;
$$;

comment on function ops.refresh_customer_day(date[]) is
  'Makes app.customer_day hold what the facts of these days say, touching only rows that differ: how many, and the earliest
day of them. app.customer_day_changes says what they were.';
