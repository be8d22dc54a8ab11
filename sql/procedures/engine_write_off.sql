create function ops.engine_write_off(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  with stopping as (
    select
      points_allocations.*,
      engine_turns.fact_kind,
      engine_turns.fact_id,
      engine_turns.occurred_at
    from app.engine_turns
    inner join app.points_allocations
      on points_allocations.book_id = engine_turns.book_id
      and points_allocations.customer_id = engine_turns.customer_id
      and points_allocations.origin_kind = 'debt'
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind in ('order', 'return', 'share', 'unsold')
      and 'stop_at_zero' = (
        select programme_versions.body ->> 'shortfall'
        from app.programme_versions
        where programme_versions.resource = 'points_policies'
          and programme_versions.effective_from_at <= engine_turns.occurred_at
        order by programme_versions.effective_from_at desc, programme_versions.id desc
        limit 1
      )
  ),

  gone as (
    delete from app.points_allocations
    using stopping
    where points_allocations.book_id = stopping.book_id
      and points_allocations.customer_id = stopping.customer_id
      and points_allocations.redemption_id = stopping.redemption_id
      and points_allocations.origin_kind = 'debt'
  ),

  written_off as (
    insert into app.points_allocations as held (
      book_id, customer_id, redemption_id, redeemed_at, redemption_key, origin_kind, origin_id, rule_id, points, state
    )
    select
      stopping.book_id,
      stopping.customer_id,
      stopping.redemption_id,
      stopping.redeemed_at,
      stopping.redemption_key,
      'write_off',
      0,
      0,
      stopping.points,
      stopping.state
    from stopping
    on conflict (book_id, customer_id, redemption_id, origin_kind, origin_id, rule_id) do update set
      points = held.points + excluded.points
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at
  )
  select
    stopping.book_id,
    stopping.customer_id,
    'write_off',
    'debt',
    0,
    0,
    'points',
    'debt',
    'written_off',
    stopping.points,
    stopping.fact_kind,
    stopping.fact_id,
    stopping.redemption_id,
    stopping.occurred_at
  from stopping;
end;
$$;

comment on function ops.engine_write_off(bigint, integer) is
  'Where the policy says that balances stop at zero: what a refund left owing is written off.';
