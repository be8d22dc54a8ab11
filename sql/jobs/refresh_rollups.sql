-- every: */5 * * * *
-- Exactly the days that facts came in for are computed again, and of these only the rows that differ are written. Dirt that
-- arrives meanwhile stays for the next run: a day is drained only together with the facts that dirtied it.
create function ops.refresh_rollups(as_of date default null)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  days date[];
  first_changed date;
  customer_rows bigint;
  order_rows bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_rollups', 0));

  with drained as (
    delete from app.dirty_days
    returning dirty_days.day
  )

  select array_agg(distinct drained.day)
  into days
  from drained;

  if days is null then
    return 0;
  end if;

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
    count(*),
    min(changes.day)
  into customer_rows, first_changed
  from changes;

  with facts as (
    select
      orders.placed_on as day,
      orders.channel,
      orders.customer_id <> 0 as identified,
      1 as order_count,
      orders.amount,
      orders.returned_amount,
      0.00 as unlinked_returned_amount
    from app.orders
    where orders.placed_on = any (days)
      and orders.status <> 'cancelled'
    union all
    select
      returns.returned_on as day,
      'unknown' as channel,
      returns.customer_id <> 0 as identified,
      0 as order_count,
      0.00 as amount,
      0.00 as returned_amount,
      returns.amount as unlinked_returned_amount
    from app.returns
    where returns.returned_on = any (days)
      and returns.order_id is null
  ),

  fresh as materialized (
    select
      facts.day,
      facts.channel,
      facts.identified,
      sum(facts.order_count) as order_count,
      sum(facts.amount) as amount,
      sum(facts.returned_amount) as returned_amount,
      sum(facts.unlinked_returned_amount) as unlinked_returned_amount
    from facts
    group by facts.day, facts.channel, facts.identified
  ),

  deleted as (
    delete from app.order_day
    where order_day.day = any (days)
      and not exists (
        select
        from fresh
        where fresh.day = order_day.day
          and fresh.channel = order_day.channel
          and fresh.identified = order_day.identified
      )
    returning 1
  ),

  written as (
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount, unlinked_returned_amount)
    select
      fresh.day,
      fresh.channel,
      fresh.identified,
      fresh.order_count,
      fresh.amount,
      fresh.returned_amount,
      fresh.unlinked_returned_amount
    from fresh
    on conflict (day, channel, identified) do update set
      order_count = excluded.order_count,
      amount = excluded.amount,
      returned_amount = excluded.returned_amount,
      unlinked_returned_amount = excluded.unlinked_returned_amount
    where (order_day.order_count, order_day.amount, order_day.returned_amount, order_day.unlinked_returned_amount)
      is distinct from
      (excluded.order_count, excluded.amount, excluded.returned_amount, excluded.unlinked_returned_amount)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written)
  into order_rows;

  -- What was computed from a customer's days after the first changed one no longer holds; the daily jobs do it again.
  update app.segment_snapshots
  set stale = true
  where segment_snapshots.as_of_on > first_changed
    and not segment_snapshots.stale;

  update app.rfm_snapshots
  set stale = true
  where rfm_snapshots.as_of_on > first_changed
    and not rfm_snapshots.stale;

  return customer_rows + order_rows;
end;
$$;

comment on function ops.refresh_rollups(date) is
  'Drains app.dirty_days and brings app.customer_day and app.order_day up to date for exactly those days; returns the rows written.
The days say what to do, so as_of (which every job has) changes nothing. Two workers take turns.';
