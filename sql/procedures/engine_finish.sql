create function ops.engine_finish(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
-- Each customer's rows by their key, also while the planner believes that the books are empty.
set enable_seqscan = off
as $$
begin
  perform ops.engine_money(run);
  perform ops.engine_merge(run);

  perform ops.engine_carry(run, 0);

  with turned as materialized (
    select
      engine_turns.customer_id,
      max(engine_turns.occurred_at) as latest_at,
      max(engine_turns.occurred_at) filter (where engine_turns.fact_kind = 'day') as settled_at,
      max(engine_turns.round) filter (where engine_turns.fact_kind <> 'day') as last_round,
      case when count(engine_turns.entries_after) = count(*) then min(engine_turns.entries_after) end as entries_after
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
  ),

  -- All of a customer in one row: joined again by parts, each would be worked out as often as there are customers.
  sums as materialized (
    select
      turned.customer_id,
      turned.settled_at,
      last_turns.occurred_at as last_at,
      last_turns.rank as last_rank,
      last_turns.source as last_source,
      last_turns.external_id as last_external_id,
      whole.pending + moved.pending + case when turned.entries_after is null then 0 else held.pending end as pending,
      whole.available + moved.available + case when turned.entries_after is null then 0 else held.available end as available,
      whole.reserved + moved.reserved + case when turned.entries_after is null then 0 else held.reserved end as reserved,
      whole.spent + moved.spent + case when turned.entries_after is null then 0 else held.spent end as spent,
      whole.expired + moved.expired + case when turned.entries_after is null then 0 else held.expired end as expired,
      whole.reversed + moved.reversed + case when turned.entries_after is null then 0 else held.reversed end as reversed,
      whole.growth + moved.growth + case when turned.entries_after is null then 0 else held.growth end as growth,
      owed.debt,
      owed.written_off,
      least(next_pending.at, next_expiry.at, tier_states.due_at) as due_at
    from turned
    cross join lateral (
      select *
      from app.points_accounts
      where points_accounts.book_id = 0
        and points_accounts.customer_id = turned.customer_id
      offset 0
    ) as held
    left join lateral (
      select tier_states.due_at
      from app.tier_states
      where tier_states.book_id = 0
        and tier_states.customer_id = turned.customer_id
      offset 0
    ) as tier_states
      on true
    left join lateral (
      select
        engine_turns.occurred_at,
        engine_turns.rank,
        engine_turns.source,
        engine_turns.external_id
      from app.engine_turns
      where engine_turns.run_id = run
        and engine_turns.round = turned.last_round
        and engine_turns.customer_id = turned.customer_id
      offset 0
    ) as last_turns
      on true
    cross join lateral (
      select
        coalesce(sum(points_lots.pending) filter (where points_lots.account = 'points'), 0) as pending,
        coalesce(sum(points_lots.available) filter (where points_lots.account = 'points'), 0) as available,
        coalesce(sum(points_lots.reserved), 0) as reserved,
        coalesce(sum(points_lots.spent), 0) as spent,
        coalesce(sum(points_lots.expired), 0) as expired,
        coalesce(sum(points_lots.reversed) filter (where points_lots.account = 'points'), 0) as reversed,
        coalesce(sum(points_lots.available) filter (where points_lots.account = 'growth'), 0) as growth
      from app.points_lots
      where turned.entries_after is null
        and points_lots.book_id = 0
        and points_lots.customer_id = turned.customer_id
    ) as whole
    -- What was moved by this run.
    cross join lateral (
      select
        coalesce(sum(sides.points) filter (where sides.state = 'pending' and points_entries.account = 'points'), 0) as pending,
        coalesce(sum(sides.points) filter (where sides.state = 'available' and points_entries.account = 'points'), 0) as available,
        coalesce(sum(sides.points) filter (where sides.state = 'reserved'), 0) as reserved,
        coalesce(sum(sides.points) filter (where sides.state = 'spent'), 0) as spent,
        coalesce(sum(sides.points) filter (where sides.state = 'expired'), 0) as expired,
        coalesce(sum(sides.points) filter (where sides.state = 'reversed' and points_entries.account = 'points'), 0) as reversed,
        coalesce(sum(sides.points) filter (where sides.state = 'available' and points_entries.account = 'growth'), 0) as growth
      from app.points_entries
      cross join lateral (
        values (points_entries.to_state, points_entries.points), (points_entries.from_state, -points_entries.points)
      ) as sides (state, points)
      where points_entries.book_id = 0
        and points_entries.customer_id = turned.customer_id
        and points_entries.id > turned.entries_after
        and points_entries.origin_kind not in ('debt', 'write_off')
    ) as moved
    cross join lateral (
      select
        coalesce(sum(points_allocations.points) filter (where points_allocations.origin_kind = 'debt'), 0) as debt,
        coalesce(sum(points_allocations.points) filter (where points_allocations.origin_kind = 'write_off'), 0) as written_off
      from app.points_allocations
      where points_allocations.book_id = 0
        and points_allocations.customer_id = turned.customer_id
        and points_allocations.origin_kind in ('debt', 'write_off')
    ) as owed
    cross join lateral (
      select min(points_lots.available_at) as at
      from app.points_lots
      where points_lots.book_id = 0
        and points_lots.customer_id = turned.customer_id
        and points_lots.pending > 0
    ) as next_pending
    cross join lateral (
      select min(points_lots.expires_at) as at
      from app.points_lots
      where points_lots.book_id = 0
        and points_lots.customer_id = turned.customer_id
        and points_lots.available > 0
    ) as next_expiry
  )

  update app.points_accounts
  set
    pending = sums.pending,
    available = sums.available,
    reserved = sums.reserved,
    spent = sums.spent,
    expired = sums.expired,
    reversed = sums.reversed,
    growth = sums.growth,
    debt = sums.debt,
    written_off = sums.written_off,
    due_at = sums.due_at,
    settled_at = greatest(points_accounts.settled_at, sums.settled_at),
    last_at = coalesce(sums.last_at, points_accounts.last_at),
    last_rank = coalesce(sums.last_rank, points_accounts.last_rank),
    last_source = coalesce(sums.last_source, points_accounts.last_source),
    last_external_id = coalesce(sums.last_external_id, points_accounts.last_external_id)
  from sums
  where points_accounts.book_id = 0
    and points_accounts.customer_id = sums.customer_id;

  perform ops.engine_clear(run);
end;
$$;

comment on function ops.engine_finish(bigint) is
  'Ends a run: books what was worked out anew, brings the accounts up to date and clears the workings.';
