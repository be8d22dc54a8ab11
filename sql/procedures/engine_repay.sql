-- Debts, oldest redemption first, laid beside what is available, first to be used first: where the two stretches overlap, that
-- many points of the lot pay for that redemption.
create function ops.engine_repay(run bigint, this_round integer, by_turn boolean)
returns void
language plpgsql
volatile
as $$
begin
  perform
  from app.engine_turns
  inner join app.points_allocations
    on points_allocations.book_id = engine_turns.book_id
    and points_allocations.customer_id = engine_turns.customer_id
    and points_allocations.origin_kind = 'debt'
  where engine_turns.run_id = run
    and engine_turns.round = this_round
  limit 1;

  if not found then
    return;
  end if;

  with debts as materialized (
    select
      points_allocations.*,
      case when by_turn then engine_turns.fact_kind end as fact_kind,
      case when by_turn then engine_turns.fact_id end as fact_id,
      case when by_turn then engine_turns.occurred_at end as occurred_at,
      sum(points_allocations.points) over upto as until_point
    from app.engine_turns
    inner join app.points_allocations
      on points_allocations.book_id = engine_turns.book_id
      and points_allocations.customer_id = engine_turns.customer_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and points_allocations.origin_kind = 'debt'
    window upto as (
      partition by points_allocations.book_id, points_allocations.customer_id
      order by
        points_allocations.redeemed_at, points_allocations.redemption_key collate "C", points_allocations.redemption_id
    )
  ),

  supply as materialized (
    select
      points_lots.*,
      sum(points_lots.available) over upto as until_point
    from app.engine_turns
    inner join app.points_lots
      on points_lots.book_id = engine_turns.book_id
      and points_lots.customer_id = engine_turns.customer_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and points_lots.account = 'points'
      and points_lots.available > 0
    window upto as (
      partition by points_lots.book_id, points_lots.customer_id
      order by
        case when not by_turn then points_lots.available_at end,
        points_lots.expires_at nulls last, points_lots.earned_at, points_lots.origin_kind, points_lots.origin_key collate "C",
        points_lots.origin_id, points_lots.rule_id
    )
  ),

  matches as materialized (
    select
      debts.book_id,
      debts.customer_id,
      debts.redemption_id,
      debts.redeemed_at,
      debts.redemption_key,
      debts.state,
      coalesce(debts.fact_kind, supply.origin_kind) as fact_kind,
      coalesce(debts.fact_id, supply.origin_id) as fact_id,
      coalesce(debts.occurred_at, supply.available_at) as occurred_at,
      supply.origin_kind,
      supply.origin_id,
      supply.rule_id,
      (
        least(debts.until_point, supply.until_point)
        - greatest(debts.until_point - debts.points, supply.until_point - supply.available)
      )::bigint as points
    from debts
    inner join supply
      on supply.book_id = debts.book_id
      and supply.customer_id = debts.customer_id
      and supply.until_point > debts.until_point - debts.points
      and supply.until_point - supply.available < debts.until_point
  ),

  paying as (
    select
      matches.book_id,
      matches.customer_id,
      matches.origin_kind,
      matches.origin_id,
      matches.rule_id,
      sum(matches.points) as points,
      coalesce(sum(matches.points) filter (where matches.state = 'reserved'), 0) as reserved,
      coalesce(sum(matches.points) filter (where matches.state = 'spent'), 0) as spent
    from matches
    group by matches.book_id, matches.customer_id, matches.origin_kind, matches.origin_id, matches.rule_id
  ),

  lots_paid as (
    update app.points_lots
    set
      available = points_lots.available - paying.points,
      reserved = points_lots.reserved + paying.reserved,
      spent = points_lots.spent + paying.spent
    from paying
    where points_lots.book_id = paying.book_id
      and points_lots.customer_id = paying.customer_id
      and points_lots.origin_kind = paying.origin_kind
      and points_lots.origin_id = paying.origin_id
      and points_lots.rule_id = paying.rule_id
  ),

  paid as (
    select
      matches.book_id,
      matches.customer_id,
      matches.redemption_id,
      sum(matches.points) as points
    from matches
    group by matches.book_id, matches.customer_id, matches.redemption_id
  ),

  cleared as (
    delete from app.points_allocations
    using paid
    where points_allocations.book_id = paid.book_id
      and points_allocations.customer_id = paid.customer_id
      and points_allocations.redemption_id = paid.redemption_id
      and points_allocations.origin_kind = 'debt'
      and points_allocations.points = paid.points
  ),

  lessened as (
    update app.points_allocations
    set points = points_allocations.points - paid.points
    from paid
    where points_allocations.book_id = paid.book_id
      and points_allocations.customer_id = paid.customer_id
      and points_allocations.redemption_id = paid.redemption_id
      and points_allocations.origin_kind = 'debt'
      and points_allocations.points > paid.points
  ),

  allocated as (
    insert into app.points_allocations as held (
      book_id, customer_id, redemption_id, redeemed_at, redemption_key, origin_kind, origin_id, rule_id, points, state
    )
    select
      matches.book_id,
      matches.customer_id,
      matches.redemption_id,
      matches.redeemed_at,
      matches.redemption_key,
      matches.origin_kind,
      matches.origin_id,
      matches.rule_id,
      matches.points,
      matches.state
    from matches
    on conflict (book_id, customer_id, redemption_id, origin_kind, origin_id, rule_id) do update set
      points = held.points + excluded.points
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at
  )
  select
    matches.book_id,
    matches.customer_id,
    'repay',
    matches.origin_kind,
    matches.origin_id,
    matches.rule_id,
    'points',
    'available',
    matches.state,
    matches.points,
    matches.fact_kind,
    matches.fact_id,
    matches.redemption_id,
    matches.occurred_at
  from matches
  union all
  select
    matches.book_id,
    matches.customer_id,
    'repay',
    'debt',
    0,
    0,
    'points',
    matches.state,
    'debt',
    sum(matches.points),
    matches.fact_kind,
    matches.fact_id,
    matches.redemption_id,
    matches.occurred_at
  from matches
  group by
    matches.book_id, matches.customer_id, matches.state, matches.fact_kind, matches.fact_id, matches.redemption_id,
    matches.occurred_at;
end;
$$;

comment on function ops.engine_repay(bigint, integer, boolean) is
  'Pays what redemptions still owe from points that are available, for the customers of the round. by_turn: the fact of the round
made it so; otherwise the points did, when they came.';
