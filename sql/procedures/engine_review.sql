-- Up: the highest tier whose threshold is reached (the one to come back, for a tier somebody has been in). Down: at the end of
-- the validity and of the grace, or when a refund takes away what the tier was for; never below a floor.
create function ops.engine_review(run bigint, this_round integer, by_time boolean)
returns integer
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  whom bigint[];
  reviewed integer;
begin
  whom := ops.engine_review_whom(run, this_round, by_time);
  if whom is null then
    return 0;
  end if;

  -- One row of each customer, so that nothing is searched for among what others came to.
  with standings as materialized (
    select
      every.customer_id,
      array_agg(engine_tiers.tier_id) as tier_ids,
      array_agg(engine_tiers.rank) as ranks,
      array_agg(engine_tiers.status = 'active') as open_ones,
      array_agg(every.meets_enter) as enters,
      array_agg(every.meets_retain) as retains,
      array_agg(every.meets_reenter) as reenters,
      array_agg(every.next_on) as next_days,
      array_agg(every.enter_missing[1]) as enter_spends,
      array_agg(every.enter_missing[2]) as enter_orders,
      array_agg(every.enter_missing[3]) as enter_growths,
      array_agg(every.reenter_missing[1]) as reenter_spends,
      array_agg(every.reenter_missing[2]) as reenter_orders,
      array_agg(every.reenter_missing[3]) as reenter_growths
    from (
      select
        standing.customer_id,
        standing.version_id,
        standing.meets_enter,
        standing.meets_retain,
        standing.meets_reenter,
        standing.next_on,
        standing.enter_missing,
        standing.reenter_missing
      from ops.engine_standing(run, this_round, by_time, whom) as standing
      union all
      -- Also at a time at which there are no tiers.
      select
        chosen.id,
        null,
        null,
        null,
        null,
        null,
        null,
        null
      from unnest(whom) as chosen (id)
    ) as every
    left join app.engine_tiers
      on engine_tiers.run_id = run
      and engine_tiers.version_id = every.version_id
    group by every.customer_id
  ),

  situations as (
    select
      standings.*,
      states.*,
      turns.fact_kind,
      turns.fact_id,
      turns.occurred_at,
      turns.tier_id as graded_tier_id,
      turns.until_on as graded_until_on,
      turns.spend_upto
      - case when by_time and turns.fact_kind = 'order' then greatest(turns.amount, 0) else 0 end as spend_upto,
      turns.orders_upto - (by_time and turns.fact_kind = 'order')::integer as orders_upto,
      case when by_time then due.at else turns.occurred_at end as at,
      customers.enrolled_on,
      coalesce(own.rank, -1) as rank,
      own.downgrade,
      own.grace_days,
      own.grace_until,
      held.floor_rank,
      held.peak_rank
    from standings
    cross join lateral (
      select
        engine_turns.book_id,
        engine_turns.fact_kind,
        engine_turns.fact_id,
        engine_turns.occurred_at,
        engine_turns.tier_id,
        engine_turns.until_on,
        engine_turns.amount,
        engine_turns.spend_upto,
        engine_turns.orders_upto
      from app.engine_turns
      where engine_turns.run_id = run
        and engine_turns.round = this_round
        and engine_turns.customer_id = standings.customer_id
      offset 0
    ) as turns
    cross join lateral (
      select
        tier_states.book_id,
        tier_states.tier_id,
        tier_states.valid_until_at,
        tier_states.grace_until_at,
        tier_states.due_at,
        tier_states.reviewed_at
      from app.tier_states
      where tier_states.customer_id = standings.customer_id
        and tier_states.book_id = turns.book_id
      offset 0
    ) as states
    cross join lateral (
      select customers.enrolled_on
      from app.customers
      where customers.id = standings.customer_id
      offset 0
    ) as customers
    cross join lateral (
      select case when by_time then ops.tier_due(run, states.due_at, states.reviewed_at) end as at
    ) as due
    left join app.engine_tiers as own
      on own.run_id = run
      and own.tier_id = states.tier_id
      and coalesce(due.at, turns.occurred_at) >= own.effective_from_at
      and (own.effective_until_at is null or coalesce(due.at, turns.occurred_at) < own.effective_until_at)
    left join lateral (
      select
        max(been.rank) as peak_rank,
        max(floors.rank) filter (
          -- A stay that a refund undoes gives no floor.
          where by_time or turns.fact_kind not in ('return', 'unsold') or tier_stays.left_at is not null
        ) as floor_rank
      from app.tier_stays
      inner join app.engine_tiers as been
        on been.run_id = run
        and been.tier_id = tier_stays.tier_id
        and tier_stays.entered_at >= been.effective_from_at
        and (been.effective_until_at is null or tier_stays.entered_at < been.effective_until_at)
      left join app.engine_tiers as floors
        on floors.run_id = run
        and floors.tier_id = been.floor_tier_id
        and turns.occurred_at >= floors.effective_from_at
        and (floors.effective_until_at is null or turns.occurred_at < floors.effective_until_at)
      where tier_stays.customer_id = standings.customer_id
        and tier_stays.book_id = turns.book_id
    ) as held
      on true
  ),

  judged as materialized (
    select
      situations.*,
      choices.higher_tier_id,
      choices.lower_tier_id,
      not by_time and situations.fact_kind = 'grade' as graded,
      situations.tier_id is not null and coalesce(choices.meets_retain, false) as keeps,
      situations.tier_id is not null
      and case
        when by_time then coalesce(situations.grace_until_at, situations.valid_until_at) <= situations.at
        else situations.fact_kind in ('return', 'unsold')
      end as questioned
    from situations
    cross join lateral (
      select
        bool_or(standing.retains) filter (where standing.tier_id = situations.tier_id) as meets_retain,
        (
          array_agg(standing.tier_id order by standing.rank desc) filter (
            where standing.open_one
              and standing.rank > situations.rank
              and case when standing.rank <= situations.peak_rank then standing.reenters else standing.enters end
          )
        )[1] as higher_tier_id,
        (
          array_agg(
            standing.tier_id
            order by
              -- One step is the next below; else the highest that is kept, the lowest when none is.
              ((by_time and situations.downgrade = 'one_step') or standing.retains) desc,
              case
                when (by_time and situations.downgrade = 'one_step') or standing.retains then -standing.rank
                else standing.rank
              end
          ) filter (
            where standing.open_one
              and standing.rank < situations.rank
              and standing.rank >= coalesce(situations.floor_rank, -1)
          )
        )[1] as lower_tier_id
      from unnest(
        situations.tier_ids, situations.ranks, situations.open_ones, situations.enters, situations.retains, situations.reenters
      ) as standing (tier_id, rank, open_one, enters, retains, reenters)
      where standing.tier_id is not null
    ) as choices
  ),

  outcomes as (
    select
      judged.*,
      case
        when judged.graded then 'manual'
        when judged.higher_tier_id is not null then case when judged.tier_id is null then 'enrol' else 'upgrade' end
        when not judged.questioned then null
        when judged.keeps then null
        when judged.downgrade = 'none' or judged.lower_tier_id is null then null
        when not by_time then 'refund'
        when judged.grace_until_at is null and graces.until_at > judged.at then null
        else 'downgrade'
      end as reason,
      -- Kept once more, from now on.
      judged.tier_id is not null
      and judged.higher_tier_id is null
      and not judged.graded
      and case
        when by_time then judged.questioned and (judged.keeps or judged.downgrade = 'none' or judged.lower_tier_id is null)
        else judged.grace_until_at is not null and judged.keeps
      end as renewed,
      case
        when by_time
          and judged.questioned
          and not judged.keeps
          and judged.higher_tier_id is null
          and judged.downgrade <> 'none'
          and judged.lower_tier_id is not null
          and judged.grace_until_at is null
          and graces.until_at > judged.at
          then graces.until_at
      end as new_grace_until_at
    from judged
    cross join lateral (
      select ops.grace_end(judged.at, judged.grace_days, judged.grace_until, zone) as until_at
    ) as graces
  ),

  results as materialized (
    select
      outcomes.*,
      case outcomes.reason
        when 'manual' then outcomes.graded_tier_id
        when 'enrol' then outcomes.higher_tier_id
        when 'upgrade' then outcomes.higher_tier_id
        when 'downgrade' then outcomes.lower_tier_id
        when 'refund' then outcomes.lower_tier_id
        else outcomes.tier_id
      end as new_tier_id,
      outcomes.reason is not null
      and not (outcomes.graded and outcomes.graded_tier_id is not distinct from outcomes.tier_id) as moves
    from outcomes
  ),

  dated as materialized (
    select
      results.*,
      case
        when results.graded and results.graded_until_on is not null
          then (results.graded_until_on + 1)::timestamp at time zone zone
        when results.moves or results.renewed or results.graded then (
          case of_tier.validity_kind
            when 'months' then (days.on_day + make_interval(months => of_tier.validity_months))::date
            when 'period_end' then ops.period_end(first.window_kind, first.window_start_month, results.enrolled_on, days.on_day)
            when 'next_period_end' then ops.period_end(
              first.window_kind, first.window_start_month, results.enrolled_on,
              ops.period_end(first.window_kind, first.window_start_month, results.enrolled_on, days.on_day)
            )
            when 'continuous' then results.next_days[array_position(results.tier_ids, results.new_tier_id)]
          end
        )::timestamp at time zone zone
        else results.valid_until_at
      end as new_valid_until_at,
      (
        select min(
          case engine_criteria.basis
            when 'segment' then days.on_day + 1
            else ops.period_end(engine_criteria.window_kind, engine_criteria.window_start_month, results.enrolled_on, days.on_day)
          end
        )
        from app.engine_tiers
        inner join app.engine_criteria
          on engine_criteria.run_id = run
          and engine_criteria.version_id = engine_tiers.version_id
        where engine_tiers.run_id = run
          and (engine_tiers.upgrade = 'next_period' or engine_criteria.basis = 'segment')
          and engine_tiers.status = 'active'
          and results.at >= engine_tiers.effective_from_at
          and (engine_tiers.effective_until_at is null or results.at < engine_tiers.effective_until_at)
      )::timestamp at time zone zone as period_at,
      coalesce(missing.spend, 'Infinity') as new_spend_missing,
      coalesce(missing.orders, 'Infinity') as new_orders_missing,
      coalesce(missing.growth, 'Infinity') as new_growth_missing
    from results
    cross join lateral (select (results.at at time zone zone)::date as on_day) as days
    left join app.engine_tiers as of_tier
      on of_tier.run_id = run
      and of_tier.tier_id = results.new_tier_id
      and results.at >= of_tier.effective_from_at
      and (of_tier.effective_until_at is null or results.at < of_tier.effective_until_at)
    left join app.engine_criteria as first
      on first.run_id = run
      and first.version_id = of_tier.version_id
      and first.position = 0
    cross join lateral (
      select
        min(case when been.before then standing.reenter_spend else standing.enter_spend end) as spend,
        min(case when been.before then standing.reenter_orders else standing.enter_orders end) as orders,
        min(case when been.before then standing.reenter_growth else standing.enter_growth end) as growth
      from unnest(
        results.ranks, results.open_ones, results.enter_spends, results.enter_orders, results.enter_growths, results.reenter_spends,
        results.reenter_orders, results.reenter_growths
      ) as standing (
        rank, open_one, enter_spend, enter_orders, enter_growth, reenter_spend, reenter_orders, reenter_growth
      )
      cross join lateral (select standing.rank <= greatest(results.peak_rank, of_tier.rank) as before) as been
      where standing.open_one
        and standing.rank > coalesce(of_tier.rank, -1)
    ) as missing
  ),

  states as (
    update app.tier_states
    set
      tier_id = dated.new_tier_id,
      entered_at = case when dated.moves then dated.at else tier_states.entered_at end,
      valid_until_at = dated.new_valid_until_at,
      grace_until_at = case
        when dated.moves or dated.renewed or dated.graded then null
        else coalesce(dated.new_grace_until_at, tier_states.grace_until_at)
      end,
      reviewed_at = dated.at,
      spend_missing = dated.new_spend_missing + dated.spend_upto,
      orders_missing = dated.new_orders_missing + dated.orders_upto,
      growth_missing = dated.new_growth_missing,
      due_at = least(
        case
          when dated.moves or dated.renewed or dated.graded then dated.new_valid_until_at
          else coalesce(dated.new_grace_until_at, tier_states.grace_until_at, dated.new_valid_until_at)
        end,
        dated.period_at
      )
    from dated
    where tier_states.customer_id = dated.customer_id
      and tier_states.book_id = dated.book_id
  ),

  ended as (
    update app.tier_stays
    set left_at = dated.at
    from dated
    where dated.moves
      and tier_stays.customer_id = dated.customer_id
      and tier_stays.book_id = dated.book_id
      and tier_stays.left_at is null
  ),

  begun as (
    insert into app.tier_stays (book_id, customer_id, tier_id, entered_at, reason, fact_kind, fact_id)
    select
      dated.book_id,
      dated.customer_id,
      dated.new_tier_id,
      dated.at,
      dated.reason,
      case when by_time then 'day' else dated.fact_kind end,
      case when by_time then 0 else dated.fact_id end
    from dated
    where dated.moves
  ),

  changes as (
    insert into app.tier_changes (customer_id, from_tier_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
    select
      dated.customer_id,
      dated.tier_id,
      dated.new_tier_id,
      dated.at,
      dated.reason,
      case when by_time then 'day' else dated.fact_kind end,
      case when by_time then 0 else dated.fact_id end
    from dated
    where dated.moves
      and dated.book_id = 0
  )

  select count(*) into reviewed from dated;
  return reviewed;
end;
$$;

comment on function ops.engine_review(bigint, integer, boolean) is
  'Looks at the tiers of the round: after its facts, where these could lead to another, or (by_time) where one is due by then. Returns how many were looked at; by time,
each customer once, so that it is asked again until none is due.';
