create function ops.engine_finish(run bigint)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  perform ops.engine_money(run);
  perform ops.engine_merge(run);

  with turned as (
    select
      engine_turns.customer_id,
      max(engine_turns.occurred_at) as latest_at,
      max(engine_turns.occurred_at) filter (where engine_turns.fact_kind = 'day') as settled_at,
      max(engine_turns.round) filter (where engine_turns.fact_kind <> 'day') as last_round
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
  ),

  sums as (
    select
      turned.customer_id,
      coalesce(sum(points_lots.pending) filter (where points_lots.account = 'points'), 0) as pending,
      coalesce(sum(points_lots.available) filter (where points_lots.account = 'points'), 0) as available,
      coalesce(sum(points_lots.reserved), 0) as reserved,
      coalesce(sum(points_lots.spent), 0) as spent,
      coalesce(sum(points_lots.expired), 0) as expired,
      coalesce(sum(points_lots.reversed) filter (where points_lots.account = 'points'), 0) as reversed,
      coalesce(sum(points_lots.available) filter (where points_lots.account = 'growth'), 0) as growth,
      least(
        min(points_lots.available_at) filter (where points_lots.pending > 0),
        min(points_lots.expires_at) filter (where points_lots.available > 0),
        min(tier_states.due_at)
      ) as due_at
    from turned
    left join app.tier_states
      on tier_states.book_id = 0
      and tier_states.customer_id = turned.customer_id
    left join app.points_lots
      on points_lots.book_id = 0
      and points_lots.customer_id = turned.customer_id
    group by turned.customer_id
  ),

  owed as (
    select
      turned.customer_id,
      coalesce(sum(points_allocations.points) filter (where points_allocations.origin_kind = 'debt'), 0) as debt,
      coalesce(sum(points_allocations.points) filter (where points_allocations.origin_kind = 'write_off'), 0) as written_off
    from turned
    left join app.points_allocations
      on points_allocations.book_id = 0
      and points_allocations.customer_id = turned.customer_id
      and points_allocations.origin_kind in ('debt', 'write_off')
    group by turned.customer_id
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
    debt = owed.debt,
    written_off = owed.written_off,
    due_at = sums.due_at,
    settled_at = greatest(points_accounts.settled_at, turned.settled_at),
    last_at = coalesce(last_turns.occurred_at, points_accounts.last_at),
    last_rank = coalesce(last_turns.rank, points_accounts.last_rank),
    last_source = coalesce(last_turns.source, points_accounts.last_source),
    last_external_id = coalesce(last_turns.external_id, points_accounts.last_external_id)
  from turned
  inner join sums
    on sums.customer_id = turned.customer_id
  inner join owed
    on owed.customer_id = turned.customer_id
  left join app.engine_turns as last_turns
    on last_turns.run_id = run
    and last_turns.customer_id = turned.customer_id
    and last_turns.round = turned.last_round
  where points_accounts.book_id = 0
    and points_accounts.customer_id = turned.customer_id;

  -- From here on what is missing is counted from the last fact of the run.
  update app.tier_states
  set
    spend_missing = tier_states.spend_missing - turned.spend,
    orders_missing = tier_states.orders_missing - turned.orders
  from (
    select
      engine_turns.customer_id,
      max(engine_turns.spend_upto) as spend,
      max(engine_turns.orders_upto) as orders
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
    having max(engine_turns.orders_upto) > 0
  ) as turned
  where tier_states.book_id = 0
    and tier_states.customer_id = turned.customer_id
    and (tier_states.spend_missing < 'Infinity' or tier_states.orders_missing < 'Infinity');

  delete from app.engine_turns
  where engine_turns.run_id = run;

  delete from app.engine_rules
  where engine_rules.run_id = run;

  delete from app.engine_tiers
  where engine_tiers.run_id = run;

  delete from app.engine_criteria
  where engine_criteria.run_id = run;

  delete from app.engine_matches
  where engine_matches.run_id = run;

  delete from app.engine_lines
  where engine_lines.run_id = run;

  delete from app.engine_runs
  where engine_runs.run_id = run;
end;
$$;

comment on function ops.engine_finish(bigint) is
  'Ends a run: books what was worked out anew, brings the accounts up to date and clears the workings.';
