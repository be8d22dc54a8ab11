-- Spend and orders count up to the very fact: what comes at the same moment after it is not known yet. A refund lessens the
-- order it belongs to, in the period of that order.
create function ops.engine_standing(
  run bigint, this_round integer, by_time boolean, whom bigint[], with_measures boolean default false
)
returns table (
  book_id bigint,
  customer_id bigint,
  version_id bigint,
  meets_enter boolean,
  meets_retain boolean,
  meets_reenter boolean,
  next_on date,
  enter_missing numeric[],
  reenter_missing numeric[],
  measures jsonb
)
language sql
volatile
begin atomic
  with zone as materialized (
    select settings.time_zone as name
    from app.settings
    limit 1
  ),

  moments as materialized (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      case when engine_standing.by_time then due.at else engine_turns.occurred_at end as at,
      case when engine_standing.by_time then -1 else engine_turns.rank end as rank,
      case when engine_standing.by_time then '' else engine_turns.source end as source,
      case when engine_standing.by_time then '' else engine_turns.external_id end as external_id,
      customers.enrolled_on,
      (
        case when engine_standing.by_time then due.at else engine_turns.occurred_at end at time zone (select zone.name from zone)
      )::date as on_day
    from unnest(engine_standing.whom) as chosen (id)
    inner join app.engine_turns
      on engine_turns.run_id = engine_standing.run
      and engine_turns.round = engine_standing.this_round
      and engine_turns.customer_id = chosen.id
    inner join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    inner join app.customers
      on customers.id = engine_turns.customer_id
    cross join lateral (
      select case when engine_standing.by_time then ops.tier_due(engine_standing.run, tier_states.due_at, tier_states.reviewed_at) end as at
    ) as due
  ),

  pairs as materialized (
    select
      moments.*,
      engine_tiers.version_id,
      engine_tiers.any_criterion,
      engine_tiers.upgrade,
      engine_criteria.position,
      engine_criteria.basis,
      engine_criteria.window_kind,
      engine_criteria.window_days,
      engine_criteria.window_start_month,
      engine_criteria.segments,
      engine_criteria.enter_at,
      engine_criteria.retain_at,
      engine_criteria.reenter_at,
      ops.period_start(
        engine_criteria.window_kind, engine_criteria.window_days, engine_criteria.window_start_month, moments.enrolled_on, moments.on_day
      ) as period_start_on
    from moments
    inner join app.engine_tiers
      on engine_tiers.run_id = engine_standing.run
      and moments.at >= engine_tiers.effective_from_at
      and (engine_tiers.effective_until_at is null or moments.at < engine_tiers.effective_until_at)
    inner join app.engine_criteria
      on engine_criteria.run_id = engine_standing.run
      and engine_criteria.version_id = engine_tiers.version_id
  ),

  asked as materialized (
    select
      pairs.*,
      -- Who rises with the next period is judged by the one that has just ended.
      pairs.on_day - ended.days as until_on,
      case ended.days
        when 1 then ops.period_start(
          pairs.window_kind, pairs.window_days, pairs.window_start_month, pairs.enrolled_on, pairs.on_day - 1
        )
        else pairs.period_start_on
      end as from_on,
      pairs.upgrade = 'next_period' and ended.days = 0 as too_early,
      ops.period_end(pairs.window_kind, pairs.window_start_month, pairs.enrolled_on, pairs.on_day) as period_end_on
    from pairs
    cross join lateral (
      select (engine_standing.by_time and pairs.upgrade = 'next_period' and pairs.on_day = pairs.period_start_on)::integer as days
    ) as ended
  ),

  -- Tiers that ask for the same count it once: the first of them does, the others have it from there.
  firsts as (
    select
      asked.*,
      asked.from_on::timestamp at time zone (select zone.name from zone) as from_at,
      (asked.until_on + 1)::timestamp at time zone (select zone.name from zone) as until_at,
      row_number() over (
        partition by asked.book_id, asked.customer_id, asked.basis, asked.from_on, asked.until_on
      ) = 1 as first
    from asked
  ),

  counted as (
    select
      firsts.*,
      case firsts.basis when 'growth' then grown.value else bought.value end as own_value,
      case firsts.basis when 'growth' then grown.oldest_on else (bought.oldest_at at time zone (select zone.name from zone))::date end
        as own_oldest_on
    from firsts
    cross join lateral (
      select
        case firsts.basis
          when 'spend' then coalesce(sum(greatest(orders.amount - coalesce(refunds.amount, 0), 0)), 0)
          else count(*) filter (where coalesce(refunds.amount, 0) < orders.amount or orders.amount = 0)
        end as value,
        min(coalesce(orders.paid_at, orders.placed_at)) as oldest_at
      from app.orders
      left join (
        select
          returns.order_id,
          sum(returns.amount) as amount
        from app.returns
        where returns.customer_id = firsts.customer_id
          and (returns.returned_at, 6, returns.source collate "C", returns.external_id collate "C")
            <= (firsts.at, firsts.rank, firsts.source collate "C", firsts.external_id collate "C")
        group by returns.order_id
      ) as refunds
        on refunds.order_id = orders.id
      where firsts.first
        and firsts.basis in ('spend', 'orders')
        and orders.customer_id = firsts.customer_id
        and orders.status in ('paid', 'completed')
        and coalesce(orders.paid_at, orders.placed_at) >= firsts.from_at
        and coalesce(orders.paid_at, orders.placed_at) < firsts.until_at
        and (coalesce(orders.paid_at, orders.placed_at), 1, orders.source collate "C", orders.external_id collate "C")
          <= (firsts.at, firsts.rank, firsts.source collate "C", firsts.external_id collate "C")
    ) as bought
    cross join lateral (
      select
        coalesce(sum(points_lots.issued - points_lots.reversed), 0) as value,
        min(points_lots.earned_on) as oldest_on
      from app.points_lots
      where firsts.first
        and firsts.basis = 'growth'
        and points_lots.customer_id = firsts.customer_id
        and points_lots.book_id = firsts.book_id
        and points_lots.account = 'growth'
        and points_lots.earned_on between firsts.from_on and firsts.until_on
    ) as grown
  ),

  met as (
    select
      counted.*,
      case
        when counted.basis = 'segment' then exists (
          select
          from app.segment_memberships
          inner join base.segments
            on segments.rule_set_id = segment_memberships.rule_set_id
            and segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = counted.customer_id
            and segments.id = any (counted.segments)
            -- As the evening before left it: the day's own is not known at its midnight.
            and segment_memberships.entered_on < counted.on_day
            and (segment_memberships.left_on is null or segment_memberships.left_on >= counted.on_day)
        )
      end as in_segment,
      max(counted.own_value) over same as value,
      max(counted.own_oldest_on) over same as oldest_on
    from counted
    window same as (
      partition by counted.book_id, counted.customer_id, counted.basis, counted.from_on, counted.until_on
    )
  ),

  judged as (
    select
      met.*,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.enter_at end as enters,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.retain_at end as retains,
      case met.basis when 'segment' then met.in_segment when 'invitation' then false else met.value >= met.reenter_at end as reenters,
      -- When what is counted may have become less by the passing of time alone.
      case met.basis when 'segment' then met.on_day + 1 else coalesce(met.period_end_on, case met.window_kind when 'rolling' then met.oldest_on + met.window_days end) end as next_on
    from met
  )

  select
    judged.book_id,
    judged.customer_id,
    judged.version_id,
    case when bool_or(judged.any_criterion) then bool_or(judged.enters) else bool_and(judged.enters) end and not bool_or(judged.too_early and judged.position = 0),
    case when bool_or(judged.any_criterion) then bool_or(judged.retains) else bool_and(judged.retains) end,
    case when bool_or(judged.any_criterion) then bool_or(judged.reenters) else bool_and(judged.reenters) end and not bool_or(judged.too_early and judged.position = 0),
    min(judged.next_on),
    case
      when bool_or(judged.upgrade = 'next_period') then '{Infinity,Infinity,Infinity}'
      when case when bool_or(judged.any_criterion) then bool_or(judged.enters) else bool_and(judged.enters) end
        or bool_or(judged.basis = 'segment' and not judged.enters)
        then '{0,0,0}'
      else array[
        coalesce(min(judged.enter_at - judged.value) filter (where judged.basis = 'spend' and not judged.enters), 'Infinity'),
        coalesce(min(judged.enter_at - judged.value) filter (where judged.basis = 'orders' and not judged.enters), 'Infinity'),
        coalesce(min(judged.enter_at - judged.value) filter (where judged.basis = 'growth' and not judged.enters), 'Infinity')
      ]
    end,
    case
      when bool_or(judged.upgrade = 'next_period') then '{Infinity,Infinity,Infinity}'
      when case when bool_or(judged.any_criterion) then bool_or(judged.reenters) else bool_and(judged.reenters) end
        or bool_or(judged.basis = 'segment' and not judged.reenters)
        then '{0,0,0}'
      else array[
        coalesce(min(judged.reenter_at - judged.value) filter (where judged.basis = 'spend' and not judged.reenters), 'Infinity'),
        coalesce(min(judged.reenter_at - judged.value) filter (where judged.basis = 'orders' and not judged.reenters), 'Infinity'),
        coalesce(min(judged.reenter_at - judged.value) filter (where judged.basis = 'growth' and not judged.reenters), 'Infinity')
      ]
    end,
    -- Only for who asks: a round of the engine has thousands.
    jsonb_agg(
      jsonb_build_object(
        'position', judged.position, 'basis', judged.basis, 'window_kind', judged.window_kind, 'window_days', judged.window_days,
        'segments', judged.segments, 'value', judged.value, 'enter_at', judged.enter_at, 'retain_at', judged.retain_at,
        'reenter_at', judged.reenter_at, 'enters', judged.enters, 'retains', judged.retains, 'reenters', judged.reenters,
        'too_early', judged.too_early, 'from_on', nullif(judged.from_on, '-infinity'), 'ends_on', judged.period_end_on
      )
      order by judged.position
    ) filter (where engine_standing.with_measures)
  from judged
  group by judged.book_id, judged.customer_id, judged.version_id;
end;

comment on function ops.engine_standing(bigint, integer, boolean, bigint[], boolean) is
  'Which tiers those customers of the round would enter, keep and come back to: at their fact (by_time false), or at the moment at which
their tier is due to be looked at. next_on: the day on which that may change without a fact. Missing: how much spend, how many orders,
how much growth value at least until a tier could be entered that is not now.
measures: what was counted for each criterion, and what it is held against.';
