create function ops.engine_decide(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  with decided as materialized (
    select
      points_allocations.*,
      engine_turns.fact_kind,
      engine_turns.fact_id,
      engine_turns.occurred_at,
      case engine_turns.fact_kind when 'confirm' then 'spent' else 'available' end as to_state
    from app.engine_turns
    inner join app.points_allocations
      on points_allocations.book_id = engine_turns.book_id
      and points_allocations.customer_id = engine_turns.customer_id
      and points_allocations.redemption_id = engine_turns.redemption_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and (engine_turns.fact_kind = 'cancel' or (engine_turns.fact_kind = 'confirm' and points_allocations.state = 'reserved'))
  ),

  lots as (
    update app.points_lots
    set
      reserved = points_lots.reserved - case decided.state when 'reserved' then decided.points else 0 end,
      spent = points_lots.spent - case decided.state when 'spent' then decided.points else 0 end
        + case decided.to_state when 'spent' then decided.points else 0 end,
      available = points_lots.available + case decided.to_state when 'available' then decided.points else 0 end
    from decided
    where points_lots.book_id = decided.book_id
      and points_lots.customer_id = decided.customer_id
      and points_lots.origin_kind = decided.origin_kind
      and points_lots.origin_id = decided.origin_id
      and points_lots.rule_id = decided.rule_id
  ),

  confirmed as (
    update app.points_allocations
    set state = 'spent'
    from decided
    where points_allocations.book_id = decided.book_id
      and points_allocations.customer_id = decided.customer_id
      and points_allocations.redemption_id = decided.redemption_id
      and points_allocations.origin_kind = decided.origin_kind
      and points_allocations.origin_id = decided.origin_id
      and points_allocations.rule_id = decided.rule_id
      and decided.to_state = 'spent'
  ),

  cancelled as (
    delete from app.points_allocations
    using decided
    where points_allocations.book_id = decided.book_id
      and points_allocations.customer_id = decided.customer_id
      and points_allocations.redemption_id = decided.redemption_id
      and points_allocations.origin_kind = decided.origin_kind
      and points_allocations.origin_id = decided.origin_id
      and points_allocations.rule_id = decided.rule_id
      and decided.to_state = 'available'
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at
  )
  select
    decided.book_id,
    decided.customer_id,
    case
      when decided.to_state = 'spent' then 'spend'
      when decided.state = 'reserved' then 'release'
      else 'restore'
    end,
    decided.origin_kind,
    decided.origin_id,
    decided.rule_id,
    'points',
    decided.state,
    case
      when decided.to_state = 'spent' then 'spent'
      when decided.origin_kind in ('debt', 'write_off') then 'debt'
      else 'available'
    end,
    decided.points,
    decided.fact_kind,
    decided.fact_id,
    decided.redemption_id,
    decided.occurred_at
  from decided;

  if found then
    perform ops.engine_expire(run, this_round);
    perform ops.engine_repay(run, this_round, true);
  end if;
end;
$$;

comment on function ops.engine_decide(bigint, integer) is
  'Redemptions that are confirmed in the round are spent; those that are cancelled give their points back to the lots they came from,
with their own time: points whose day has passed meanwhile expire at once.';
