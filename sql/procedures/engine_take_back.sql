-- Out of the lot itself first: what is pending, available, expired; then what redemptions took from it, the latest first. Those
-- are then paid from other points (ops.engine_repay), or owe them. For orders and shares as well as returns: a return may have come first.
-- Of a gift that is taken back, what has expired is gone already and is not taken again.
create function ops.engine_take_back(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
as $$
declare
  taken integer;
begin
  perform
  from app.engine_turns
  where engine_turns.run_id = run
    and engine_turns.round = this_round
    and case
      when engine_turns.fact_kind = 'adjust' then engine_turns.points < 0
      when engine_turns.order_id is null then false
      else engine_turns.fact_kind in ('share', 'unsold')
        or exists (
          select
          from app.returns
          where returns.customer_id = engine_turns.customer_id
            and returns.order_id = engine_turns.order_id
        )
    end
  limit 1;

  if not found then
    return;
  end if;

  with claws as materialized (
    select
      points_lots.*,
      engine_turns.fact_kind,
      engine_turns.fact_id,
      engine_turns.occurred_at,
      least(refunds.claw, points_lots.pending) as from_pending,
      case
        when refunds.origin_kind = 'adjust' then refunds.claw
        when coalesce(policy.shortfall, 'go_negative') <> 'pending_only' or points_lots.account = 'growth' then refunds.claw
        else 0
      end as claw
    -- One customer has one fact in a round, so what it is about is of one kind.
    from (
      select
        'order' as origin_kind,
        engine_refunds.*
      from ops.engine_refunds(run, this_round)
      union all
      select
        'share',
        engine_unsold.*
      from ops.engine_unsold(run, this_round)
      union all
      select
        'adjust',
        engine_turns.book_id,
        engine_turns.customer_id,
        points_adjustments.takes_back_id,
        0,
        least(-points_adjustments.points, gifts.issued - gifts.reversed)
      from app.engine_turns
      inner join app.points_adjustments
        on points_adjustments.customer_id = engine_turns.customer_id
        and points_adjustments.id = engine_turns.fact_id
        and points_adjustments.takes_back_id is not null
      cross join lateral (
        select *
        from app.points_lots
        where points_lots.book_id = engine_turns.book_id
          and points_lots.customer_id = engine_turns.customer_id
          and points_lots.origin_kind = 'adjust'
          and points_lots.origin_id = points_adjustments.takes_back_id
          and points_lots.rule_id = 0
        offset 0
      ) as gifts
      where engine_turns.run_id = run
        and engine_turns.round = this_round
        and engine_turns.fact_kind = 'adjust'
        and gifts.issued > gifts.reversed
    ) as refunds
    inner join app.engine_turns
      on engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.customer_id = refunds.customer_id
    inner join app.points_lots
      on points_lots.book_id = refunds.book_id
      and points_lots.customer_id = refunds.customer_id
      and points_lots.origin_kind = refunds.origin_kind
      and points_lots.origin_id = refunds.origin_id
      and points_lots.rule_id = refunds.rule_id
    left join lateral (
      select programme_versions.body ->> 'shortfall' as shortfall
      from app.programme_versions
      where programme_versions.resource = 'points_policies'
        and programme_versions.effective_from_at <= engine_turns.occurred_at
      order by programme_versions.effective_from_at desc, programme_versions.id desc
      limit 1
    ) as policy
      on true
  ),

  direct as materialized (
    select
      claws.*,
      least(greatest(claws.claw - claws.from_pending, 0), claws.available) as from_available,
      least(greatest(claws.claw - claws.from_pending - claws.available, 0), outdated.points) as from_expired,
      greatest(claws.claw - claws.from_pending - claws.available - outdated.points, 0) as from_used
    from claws
    cross join lateral (select case claws.origin_kind when 'adjust' then 0 else claws.expired end as points) as outdated
  ),

  used as (
    select
      points_allocations.*,
      direct.fact_kind,
      direct.fact_id,
      direct.occurred_at,
      least(
        points_allocations.points,
        greatest(
          direct.from_used
          - (sum(points_allocations.points) over later - points_allocations.points),
          0
        )
      )::bigint as taken
    from direct
    inner join app.points_allocations
      on points_allocations.book_id = direct.book_id
      and points_allocations.customer_id = direct.customer_id
      and points_allocations.origin_kind = direct.origin_kind
      and points_allocations.origin_id = direct.origin_id
      and points_allocations.rule_id = direct.rule_id
    where direct.from_used > 0
    window later as (
      partition by
        points_allocations.book_id, points_allocations.customer_id, points_allocations.origin_id, points_allocations.rule_id
      order by
        points_allocations.redeemed_at desc, points_allocations.redemption_key collate "C" desc, points_allocations.redemption_id desc
    )
  ),

  resourced as materialized (
    select *
    from used
    where used.taken > 0
  ),

  from_states as (
    select
      resourced.book_id,
      resourced.customer_id,
      resourced.origin_id,
      resourced.rule_id,
      coalesce(sum(resourced.taken) filter (where resourced.state = 'reserved'), 0) as reserved,
      coalesce(sum(resourced.taken) filter (where resourced.state = 'spent'), 0) as spent
    from resourced
    group by resourced.book_id, resourced.customer_id, resourced.origin_id, resourced.rule_id
  ),

  lots as (
    update app.points_lots
    set
      pending = points_lots.pending - direct.from_pending,
      available = points_lots.available - direct.from_available,
      expired = points_lots.expired - direct.from_expired,
      reserved = points_lots.reserved - coalesce(from_states.reserved, 0),
      spent = points_lots.spent - coalesce(from_states.spent, 0),
      reversed = points_lots.reversed + direct.from_pending + direct.from_available + direct.from_expired
        + coalesce(from_states.reserved, 0) + coalesce(from_states.spent, 0)
    from direct
    left join from_states
      on from_states.book_id = direct.book_id
      and from_states.customer_id = direct.customer_id
      and from_states.origin_id = direct.origin_id
      and from_states.rule_id = direct.rule_id
    where points_lots.book_id = direct.book_id
      and points_lots.customer_id = direct.customer_id
      and points_lots.origin_kind = direct.origin_kind
      and points_lots.origin_id = direct.origin_id
      and points_lots.rule_id = direct.rule_id
  ),

  released as (
    delete from app.points_allocations
    using resourced
    where points_allocations.book_id = resourced.book_id
      and points_allocations.customer_id = resourced.customer_id
      and points_allocations.redemption_id = resourced.redemption_id
      and points_allocations.origin_kind = resourced.origin_kind
      and points_allocations.origin_id = resourced.origin_id
      and points_allocations.rule_id = resourced.rule_id
      and resourced.taken = resourced.points
  ),

  lessened as (
    update app.points_allocations
    set points = points_allocations.points - resourced.taken
    from resourced
    where points_allocations.book_id = resourced.book_id
      and points_allocations.customer_id = resourced.customer_id
      and points_allocations.redemption_id = resourced.redemption_id
      and points_allocations.origin_kind = resourced.origin_kind
      and points_allocations.origin_id = resourced.origin_id
      and points_allocations.rule_id = resourced.rule_id
      and resourced.taken < resourced.points
  ),

  owed as (
    insert into app.points_allocations as held (
      book_id, customer_id, redemption_id, redeemed_at, redemption_key, origin_kind, origin_id, rule_id, points, state
    )
    select
      resourced.book_id,
      resourced.customer_id,
      resourced.redemption_id,
      resourced.redeemed_at,
      resourced.redemption_key,
      'debt',
      0,
      0,
      sum(resourced.taken),
      resourced.state
    from resourced
    group by
      resourced.book_id, resourced.customer_id, resourced.redemption_id, resourced.redeemed_at, resourced.redemption_key,
      resourced.state
    on conflict (book_id, customer_id, redemption_id, origin_kind, origin_id, rule_id) do update set
      points = held.points + excluded.points
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at
  )
  select
    direct.book_id,
    direct.customer_id,
    'reverse',
    direct.origin_kind,
    direct.origin_id,
    direct.rule_id,
    direct.account,
    parts.state,
    'reversed',
    parts.points,
    direct.fact_kind,
    direct.fact_id,
    null::bigint,
    direct.occurred_at
  from direct
  cross join lateral (
    values ('pending', direct.from_pending), ('available', direct.from_available), ('expired', direct.from_expired)
  ) as parts (state, points)
  where parts.points > 0
  union all
  select
    resourced.book_id,
    resourced.customer_id,
    'reverse',
    resourced.origin_kind,
    resourced.origin_id,
    resourced.rule_id,
    'points',
    resourced.state,
    'reversed',
    resourced.taken,
    resourced.fact_kind,
    resourced.fact_id,
    resourced.redemption_id,
    resourced.occurred_at
  from resourced
  union all
  select
    resourced.book_id,
    resourced.customer_id,
    'borrow',
    'debt',
    0,
    0,
    'points',
    'debt',
    resourced.state,
    sum(resourced.taken),
    resourced.fact_kind,
    resourced.fact_id,
    resourced.redemption_id,
    resourced.occurred_at
  from resourced
  group by
    resourced.book_id, resourced.customer_id, resourced.state, resourced.fact_kind, resourced.fact_id, resourced.redemption_id,
    resourced.occurred_at;

  get diagnostics taken = row_count;
  if taken > 0 then
    perform ops.engine_repay(run, this_round, true);
    perform ops.engine_write_off(run, this_round);
  end if;
end;
$$;

comment on function ops.engine_take_back(bigint, integer) is
  'Takes back what refunded orders had earned, shares that sold them, and gifts that no longer hold, lot by lot.';
