create function ops.engine_unsold(run bigint, this_round integer)
returns table (
  book_id bigint,
  customer_id bigint,
  origin_id bigint,
  rule_id bigint,
  claw bigint
)
language sql
volatile
-- Few shares sell, and few of those come back.
rows 10
begin atomic
  with lots as materialized (
    select
      points_lots.book_id,
      points_lots.customer_id,
      points_lots.origin_id,
      points_lots.rule_id,
      points_lots.issued,
      points_lots.reversed,
      points_lots.raw_points,
      share_sales.buyer_id,
      share_sales.order_id,
      engine_turns.occurred_at,
      engine_turns.rank,
      engine_turns.source,
      engine_turns.external_id
    from app.engine_turns
    inner join app.share_sales
      on share_sales.customer_id = engine_turns.customer_id
      and share_sales.order_id = engine_turns.order_id
    cross join lateral (
      select *
      from app.points_lots as found
      where found.book_id = engine_turns.book_id
        and found.customer_id = engine_turns.customer_id
        and found.origin_kind = 'share'
        and found.origin_id = share_sales.event_id
      offset 0
    ) as points_lots
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind in ('share', 'unsold')
  ),

  kept as (
    select
      lots.book_id,
      lots.customer_id,
      lots.origin_id,
      lots.rule_id,
      lots.issued,
      lots.reversed,
      case
        when sum(returns.amount) >= orders.amount then 0
        else least(
          lots.issued,
          floor(round(lots.raw_points * (orders.amount - sum(returns.amount)) / orders.amount, 6))
        )
      end::bigint as points
    from lots
    inner join app.orders
      on orders.customer_id = lots.buyer_id
      and orders.id = lots.order_id
    inner join app.returns
      on returns.customer_id = lots.buyer_id
      and returns.order_id = lots.order_id
    where (returns.returned_at, 6, returns.source collate "C", returns.external_id collate "C")
      <= (lots.occurred_at, lots.rank, lots.source collate "C", lots.external_id collate "C")
    group by
      lots.book_id, lots.customer_id, lots.origin_id, lots.rule_id, lots.issued, lots.reversed, lots.raw_points, orders.amount
  )

  select
    kept.book_id,
    kept.customer_id,
    kept.origin_id,
    kept.rule_id,
    kept.issued - kept.reversed - kept.points
  from kept
  where kept.issued - kept.reversed > kept.points;
end;

comment on function ops.engine_unsold(bigint, integer) is
  'How many points each lot of the shares of the round must give back: what was given, less what the part of the sold order that is not
refunded is worth, rounded down. A whole refund leaves none.';
