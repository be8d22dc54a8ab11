create function ops.engine_expire(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  with due as (
    select
      points_lots.book_id,
      points_lots.customer_id,
      points_lots.origin_kind,
      points_lots.origin_id,
      points_lots.rule_id,
      points_lots.available as points,
      -- Points that come back after their day expire as they come.
      greatest(
        points_lots.expires_at,
        case when engine_turns.fact_kind = 'cancel' then engine_turns.occurred_at end
      ) as occurred_at
    from app.engine_turns
    -- Each customer's lots by themselves, however many others there are.
    cross join lateral (
      select *
      from app.points_lots as found
      where found.book_id = engine_turns.book_id
        and found.customer_id = engine_turns.customer_id
        and found.available > 0
        and found.expires_at <= engine_turns.occurred_at
      offset 0
    ) as points_lots
    where engine_turns.run_id = run
      and engine_turns.round = this_round
  ),

  lapsed as (
    update app.points_lots
    set
      available = 0,
      expired = points_lots.expired + due.points
    from due
    where points_lots.book_id = due.book_id
      and points_lots.customer_id = due.customer_id
      and points_lots.origin_kind = due.origin_kind
      and points_lots.origin_id = due.origin_id
      and points_lots.rule_id = due.rule_id
    returning points_lots.*, due.points, due.occurred_at
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
  )
  select
    lapsed.book_id,
    lapsed.customer_id,
    'expire',
    lapsed.origin_kind,
    lapsed.origin_id,
    lapsed.rule_id,
    lapsed.account,
    'available',
    'expired',
    lapsed.points,
    lapsed.origin_kind,
    lapsed.origin_id,
    lapsed.occurred_at
  from lapsed;
end;
$$;

comment on function ops.engine_expire(bigint, integer) is
  'Expires what is available of lots whose time ended before the facts of the round, and of those that come back after it.';
