create function ops.engine_activate(run bigint, this_round integer)
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
      points_lots.pending as points
    from app.engine_turns
    -- Each customer's lots by themselves, however many others there are.
    cross join lateral (
      select *
      from app.points_lots as found
      where found.book_id = engine_turns.book_id
        and found.customer_id = engine_turns.customer_id
        and found.pending > 0
        and found.available_at <= engine_turns.occurred_at
      offset 0
    ) as points_lots
    where engine_turns.run_id = run
      and engine_turns.round = this_round
  ),

  activated as (
    update app.points_lots
    set
      pending = 0,
      available = points_lots.available + due.points
    from due
    where points_lots.book_id = due.book_id
      and points_lots.customer_id = due.customer_id
      and points_lots.origin_kind = due.origin_kind
      and points_lots.origin_id = due.origin_id
      and points_lots.rule_id = due.rule_id
    returning points_lots.*, due.points
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
  )
  select
    activated.book_id,
    activated.customer_id,
    'activate',
    activated.origin_kind,
    activated.origin_id,
    activated.rule_id,
    activated.account,
    'pending',
    'available',
    activated.points,
    activated.origin_kind,
    activated.origin_id,
    activated.available_at
  from activated;
end;
$$;

comment on function ops.engine_activate(bigint, integer) is
  'Makes pending points available whose time came before the facts of the round.';
