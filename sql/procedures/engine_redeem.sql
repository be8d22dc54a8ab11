-- A redemption that was accepted stands, whatever turns out later: where points are missing it owes them.
create function ops.engine_redeem(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  with asked as materialized (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      engine_turns.fact_kind,
      engine_turns.fact_id,
      engine_turns.redemption_id,
      engine_turns.occurred_at,
      engine_turns.source || ' ' || engine_turns.external_id as redemption_key,
      abs(engine_turns.points) as points,
      -- What staff take is taken at once.
      case engine_turns.fact_kind when 'adjust' then 'spent' else 'reserved' end as state
    from app.engine_turns
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and (engine_turns.fact_kind = 'reserve' or (engine_turns.fact_kind = 'adjust' and engine_turns.points < 0))
      -- A gift that is taken back comes out of its own lot (ops.engine_take_back).
      and not exists (
        select
        from app.points_adjustments
        where engine_turns.fact_kind = 'adjust'
          and points_adjustments.customer_id = engine_turns.customer_id
          and points_adjustments.id = engine_turns.fact_id
          and points_adjustments.takes_back_id is not null
      )
  ),

  supply as (
    select
      points_lots.book_id,
      points_lots.customer_id,
      points_lots.origin_kind,
      points_lots.origin_id,
      points_lots.rule_id,
      points_lots.available,
      sum(points_lots.available) over burn_order as until_point
    from asked
    inner join app.points_lots
      on points_lots.book_id = asked.book_id
      and points_lots.customer_id = asked.customer_id
    where points_lots.account = 'points'
      and points_lots.available > 0
    window burn_order as (
      partition by points_lots.book_id, points_lots.customer_id
      order by
        points_lots.expires_at nulls last, points_lots.earned_at, points_lots.origin_kind, points_lots.origin_key collate "C",
        points_lots.origin_id, points_lots.rule_id
    )
  ),

  burnt as materialized (
    select
      asked.book_id,
      asked.customer_id,
      asked.fact_kind,
      asked.fact_id,
      asked.redemption_id,
      asked.occurred_at,
      asked.redemption_key,
      asked.state,
      supply.origin_kind,
      supply.origin_id,
      supply.rule_id,
      least(supply.available, asked.points - (supply.until_point - supply.available))::bigint as points
    from asked
    inner join supply
      on supply.book_id = asked.book_id
      and supply.customer_id = asked.customer_id
      and supply.until_point - supply.available < asked.points
  ),

  paid_from as materialized (
    select *
    from burnt
    union all
    select
      asked.book_id,
      asked.customer_id,
      asked.fact_kind,
      asked.fact_id,
      asked.redemption_id,
      asked.occurred_at,
      asked.redemption_key,
      asked.state,
      'debt',
      0,
      0,
      asked.points - coalesce(sum(burnt.points), 0)
    from asked
    left join burnt
      on burnt.book_id = asked.book_id
      and burnt.customer_id = asked.customer_id
    group by
      asked.book_id, asked.customer_id, asked.fact_kind, asked.fact_id, asked.redemption_id, asked.occurred_at,
      asked.redemption_key, asked.state, asked.points
    having asked.points > coalesce(sum(burnt.points), 0)
  ),

  lots as (
    update app.points_lots
    set
      available = points_lots.available - burnt.points,
      reserved = points_lots.reserved + case burnt.state when 'reserved' then burnt.points else 0 end,
      spent = points_lots.spent + case burnt.state when 'spent' then burnt.points else 0 end
    from burnt
    where points_lots.book_id = burnt.book_id
      and points_lots.customer_id = burnt.customer_id
      and points_lots.origin_kind = burnt.origin_kind
      and points_lots.origin_id = burnt.origin_id
      and points_lots.rule_id = burnt.rule_id
  ),

  allocations as (
    insert into app.points_allocations (
      book_id, customer_id, redemption_id, redeemed_at, redemption_key, origin_kind, origin_id, rule_id, points, state
    )
    select
      paid_from.book_id,
      paid_from.customer_id,
      paid_from.redemption_id,
      paid_from.occurred_at,
      paid_from.redemption_key,
      paid_from.origin_kind,
      paid_from.origin_id,
      paid_from.rule_id,
      paid_from.points,
      paid_from.state
    from paid_from
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at
  )
  select
    paid_from.book_id,
    paid_from.customer_id,
    case when paid_from.origin_kind = 'debt' then 'borrow' when paid_from.state = 'spent' then 'spend' else 'reserve' end,
    paid_from.origin_kind,
    paid_from.origin_id,
    paid_from.rule_id,
    'points',
    case when paid_from.origin_kind = 'debt' then 'debt' else 'available' end,
    paid_from.state,
    paid_from.points,
    paid_from.fact_kind,
    paid_from.fact_id,
    paid_from.redemption_id,
    paid_from.occurred_at
  from paid_from;
end;
$$;

comment on function ops.engine_redeem(bigint, integer) is
  'Takes the points of redemptions that are reserved in the round, and of deductions by staff: earliest expiry first, then oldest,
those without expiry last.';
