create function ops.refresh_customer_day(
  days date[],
  out row_count bigint,
  out first_changed_on date,
  out restated_customers bigint[]
)
language sql
volatile
begin atomic
  with facts as (
    select
      orders.customer_id,
      orders.placed_on as day,
      1 as order_count,
      orders.amount,
      0.00 as returned_amount
    from app.orders
    where orders.placed_on = any (refresh_customer_day.days)
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
    where returns.returned_on = any (refresh_customer_day.days)
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
    where customer_day.day = any (refresh_customer_day.days)
  ),

  changes as materialized (
    select
      coalesce(fresh.customer_id, stored.customer_id) as customer_id,
      coalesce(fresh.day, stored.day) as day,
      fresh.order_count,
      fresh.amount,
      fresh.returned_amount,
      fresh.customer_id is null as gone
    from fresh
    full join stored
      on stored.customer_id = fresh.customer_id
      and stored.day = fresh.day
    where (fresh.order_count, fresh.amount, fresh.returned_amount)
      is distinct from (stored.order_count, stored.amount, stored.returned_amount)
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
    on conflict (customer_id, day) do update set
      order_count = excluded.order_count,
      amount = excluded.amount,
      returned_amount = excluded.returned_amount
  )

  select
    count(*) as row_count,
    min(changes.day) as first_changed_on,
    array_agg(distinct changes.customer_id) filter (
      where changes.day < (select customer_totals_until.until_on from app.customer_totals_until)
    ) as restated_customers
  from changes;
end;

comment on function ops.refresh_customer_day(date[]) is
  'Makes app.customer_day hold what the facts of these days say, touching only rows that differ: how many, the
earliest day of them, and the customers whose app.customer_totals they reach.';
