create function ops.refresh_order_day(days date[])
returns bigint
language sql
volatile
begin atomic
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
    where orders.placed_on = any (refresh_order_day.days)
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
    where returns.returned_on = any (refresh_order_day.days)
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
    where order_day.day = any (refresh_order_day.days)
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

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_order_day(date[]) is
  'Makes app.order_day hold what the facts of these days say, touching only rows that differ; returns how many.';
