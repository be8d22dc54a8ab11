-- Most orders lead nowhere: what is missing to the next tier is known from the last time somebody was looked at.
create function ops.engine_review_whom(run bigint, this_round integer, by_time boolean)
returns bigint[]
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  changed_at timestamptz := (
    select max(engine_tiers.effective_from_at)
    from app.engine_tiers
    where engine_tiers.run_id = run
  );
  whom bigint[];
begin
  if by_time then
    select array_agg(engine_turns.customer_id)
    into whom
    from app.engine_turns
    inner join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and (
        tier_states.due_at <= engine_turns.occurred_at
        or (
          tier_states.reviewed_at < changed_at
          and ops.tier_due(run, tier_states.due_at, tier_states.reviewed_at) <= engine_turns.occurred_at
        )
      );
    return whom;
  end if;

  if exists (
    select
    from app.engine_criteria
    where engine_criteria.run_id = run
      and engine_criteria.basis = 'growth'
  ) then
    update app.tier_states
    set growth_missing = tier_states.growth_missing - given.growth
    from (
      select
        points_lots.customer_id,
        points_lots.book_id,
        sum(points_lots.issued) as growth
      from app.engine_turns
      inner join app.points_lots
        on points_lots.customer_id = engine_turns.customer_id
        and points_lots.book_id = engine_turns.book_id
        and points_lots.origin_kind = engine_turns.fact_kind
        and points_lots.origin_id = engine_turns.fact_id
        and points_lots.account = 'growth'
      where engine_turns.run_id = run
        and engine_turns.round = this_round
      group by points_lots.customer_id, points_lots.book_id
    ) as given
    where tier_states.customer_id = given.customer_id
      and tier_states.book_id = given.book_id
      and tier_states.growth_missing < 'Infinity';
  end if;

  select array_agg(engine_turns.customer_id)
  into whom
  from app.engine_turns
  inner join app.tier_states
    on tier_states.customer_id = engine_turns.customer_id
    and tier_states.book_id = engine_turns.book_id
  left join app.engine_tiers
    on engine_turns.fact_kind in ('return', 'unsold')
    and engine_tiers.run_id = run
    and engine_tiers.tier_id = tier_states.tier_id
    and engine_turns.occurred_at >= engine_tiers.effective_from_at
    and (engine_tiers.effective_until_at is null or engine_turns.occurred_at < engine_tiers.effective_until_at)
  where engine_turns.run_id = run
    and engine_turns.round = this_round
    and engine_turns.fact_kind in ('sign_up', 'order', 'return', 'unsold', 'grade', 'check_in', 'share', 'review', 'task_action')
    and (
      engine_turns.fact_kind = 'grade'
      or (engine_turns.fact_kind in ('return', 'unsold') and engine_tiers.downgrade is distinct from 'none')
      or tier_states.tier_id is null
      or tier_states.grace_until_at is not null
      or coalesce(tier_states.spend_missing <= engine_turns.spend_upto, true)
      or coalesce(tier_states.orders_missing <= engine_turns.orders_upto, true)
      or coalesce(tier_states.growth_missing <= 0, true)
    );
  return whom;
end;
$$;

comment on function ops.engine_review_whom(bigint, integer, boolean) is
  'Whose tier in the round is to be looked at: where its fact could lead to another tier, or (by_time) where one is due by then.';
