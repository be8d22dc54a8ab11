-- Spend and orders count up to the very fact: what comes at the same moment after it is not known yet. A refund lessens the
-- order it belongs to, in the period of that order.
create function ops.engine_standing(run bigint, this_round integer, by_time boolean)
returns table (
  book_id bigint,
  customer_id bigint,
  version_id bigint,
  meets_enter boolean,
  meets_retain boolean,
  meets_reenter boolean,
  next_on date
)
language sql
volatile
begin atomic
  with zone as (
    select settings.time_zone as name
    from app.settings
  ),

  moments as materialized (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      case when engine_standing.by_time then due.at else engine_turns.occurred_at end as at,
      case when engine_standing.by_time then -1 else engine_turns.rank end as rank,
      case when engine_standing.by_time then '' else engine_turns.source end as source,
      case when engine_standing.by_time then '' else engine_turns.external_id end as external_id,
      customers.enrolled_on
    from app.engine_turns
    inner join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    inner join app.customers
      on customers.id = engine_turns.customer_id
    cross join lateral (
      select case when engine_standing.by_time then ops.tier_due(engine_standing.run, tier_states.due_at, tier_states.reviewed_at) end as at
    ) as due
    where engine_turns.run_id = engine_standing.run
      and engine_turns.round = engine_standing.this_round
      and case
        when engine_standing.by_time then due.at <= engine_turns.occurred_at
        else engine_turns.fact_kind in ('sign_up', 'order', 'return', 'grade')
      end
  ),

  asked as materialized (
    select
      moments.*,
      engine_tiers.version_id,
      engine_tiers.any_criterion,
      engine_criteria.position,
      engine_criteria.basis,
      engine_criteria.window_kind,
      engine_criteria.segments,
      engine_criteria.enter_at,
      engine_criteria.retain_at,
      engine_criteria.reenter_at,
      days.on_day,
      ops.period_start(
        engine_criteria.window_kind, engine_criteria.window_days, engine_criteria.window_start_month, moments.enrolled_on,
        -- Who rises with the next period is judged by the one that has just ended.
        case when engine_tiers.upgrade = 'next_period' and engine_standing.by_time and days.begins then days.on_day - 1 else days.on_day end
      ) as from_on,
      case when engine_tiers.upgrade = 'next_period' and engine_standing.by_time and days.begins then days.on_day - 1 else days.on_day end as until_on,
      case engine_criteria.window_kind when 'rolling' then engine_criteria.window_days end as window_days,
      engine_tiers.upgrade = 'next_period' and not (engine_standing.by_time and days.begins) as too_early,
      ops.period_end(engine_criteria.window_kind, engine_criteria.window_start_month, moments.enrolled_on, days.on_day) as period_end_on
    from moments
    cross join zone
    inner join app.engine_tiers
      on engine_tiers.run_id = engine_standing.run
      and moments.at >= engine_tiers.effective_from_at
      and (engine_tiers.effective_until_at is null or moments.at < engine_tiers.effective_until_at)
    inner join app.engine_criteria
      on engine_criteria.run_id = engine_standing.run
      and engine_criteria.version_id = engine_tiers.version_id
    cross join lateral (
      select
        local.on_day,
        ops.period_start(
          engine_criteria.window_kind, engine_criteria.window_days, engine_criteria.window_start_month, moments.enrolled_on, local.on_day
        ) = local.on_day as begins
      from (select (moments.at at time zone zone.name)::date as on_day) as local
    ) as days
  ),

  -- Tiers that ask for the same count it once.
  windows as materialized (
    select
      asked.book_id,
      asked.customer_id,
      asked.at,
      asked.rank,
      asked.source,
      asked.external_id,
      asked.basis,
      asked.from_on,
      asked.until_on
    from asked
    where asked.basis in ('spend', 'orders', 'growth')
    group by
      asked.book_id, asked.customer_id, asked.at, asked.rank, asked.source, asked.external_id, asked.basis, asked.from_on, asked.until_on
  ),

  bought as (
    select
      windows.*,
      found.value,
      found.oldest_on
    from windows
    cross join zone
    cross join lateral (
      select
        case windows.basis
          when 'spend' then coalesce(sum(greatest(of_window.amount - of_window.refunded, 0)), 0)
          else count(*) filter (where of_window.refunded < of_window.amount or of_window.amount = 0)
        end as value,
        min(of_window.on_day) as oldest_on
      from (
        select
          orders.amount,
          (coalesce(orders.paid_at, orders.placed_at) at time zone zone.name)::date as on_day,
          coalesce((
            select sum(returns.amount)
            from app.returns
            where returns.customer_id = orders.customer_id
              and returns.order_id = orders.id
              and (returns.returned_at, 6, returns.source collate "C", returns.external_id collate "C")
                <= (windows.at, windows.rank, windows.source collate "C", windows.external_id collate "C")
          ), 0) as refunded
        from app.orders
        where orders.customer_id = windows.customer_id
          and orders.status in ('paid', 'completed')
          and (coalesce(orders.paid_at, orders.placed_at), 1, orders.source collate "C", orders.external_id collate "C")
            <= (windows.at, windows.rank, windows.source collate "C", windows.external_id collate "C")
      ) as of_window
      where of_window.on_day between windows.from_on and windows.until_on
    ) as found
    where windows.basis in ('spend', 'orders')
  ),

  grown as (
    select
      windows.*,
      found.value,
      found.oldest_on
    from windows
    cross join lateral (
      select
        coalesce(sum(points_lots.issued - points_lots.reversed), 0) as value,
        min(points_lots.earned_on) as oldest_on
      from app.points_lots
      where points_lots.customer_id = windows.customer_id
        and points_lots.book_id = windows.book_id
        and points_lots.account = 'growth'
        and points_lots.earned_on between windows.from_on and windows.until_on
    ) as found
    where windows.basis = 'growth'
  ),

  measured as materialized (
    select * from bought
    union all
    select * from grown
  ),

  met as (
    select
      asked.*,
      case
        when asked.basis = 'segment' then exists (
          select
          from app.segment_memberships
          inner join base.segments
            on segments.rule_set_id = segment_memberships.rule_set_id
            and segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = asked.customer_id
            and segments.id = any (asked.segments)
            -- As the evening before left it: the day's own is not known at its midnight.
            and segment_memberships.entered_on < asked.on_day
            and (segment_memberships.left_on is null or segment_memberships.left_on >= asked.on_day)
        )
      end as in_segment,
      coalesce(of_window.value, 0) as value,
      of_window.oldest_on
    from asked
    left join measured as of_window
      on of_window.book_id = asked.book_id
      and of_window.customer_id = asked.customer_id
      and of_window.basis = asked.basis
      and of_window.from_on = asked.from_on
      and of_window.until_on = asked.until_on
  ),

  judged as (
    select
      met.*,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.enter_at end as enters,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.retain_at end as retains,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.reenter_at end as reenters,
      -- When what is counted may have become less by the passing of time alone.
      case met.basis when 'segment' then met.on_day + 1 else coalesce(met.period_end_on, met.oldest_on + met.window_days) end as next_on
    from met
  )

  select
    judged.book_id,
    judged.customer_id,
    judged.version_id,
    case when bool_or(judged.any_criterion) then bool_or(judged.enters) else bool_and(judged.enters) end and not bool_or(judged.too_early and judged.position = 0),
    case when bool_or(judged.any_criterion) then bool_or(judged.retains) else bool_and(judged.retains) end,
    case when bool_or(judged.any_criterion) then bool_or(judged.reenters) else bool_and(judged.reenters) end and not bool_or(judged.too_early and judged.position = 0),
    min(judged.next_on)
  from judged
  group by judged.book_id, judged.customer_id, judged.version_id;
end;

comment on function ops.engine_standing(bigint, integer, boolean) is
  'Which tiers the customers of the round would enter, keep and come back to: at their fact (by_time false), or at the moment at which
their tier is due to be looked at. next_on: the day on which that may change without a fact.';
