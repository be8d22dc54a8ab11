-- One statement for all goals: what counts towards which step, when; added up in order; each time it passes the target.
create function ops.count_task_steps(run bigint, level integer, at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  today constant date := (count_task_steps.at at time zone zone)::date;
begin
  with steps as materialized (
    select
      task_work_steps.customer_id,
      task_work_steps.task_id,
      task_work_steps.occurrence,
      task_work_steps.step_id,
      task_work_steps.target,
      task_work_steps.times,
      task_work_steps.from_at,
      least(task_work_steps.until_at, 'infinity') as until_at,
      task_work.trigger_kind,
      task_work.trigger_id,
      task_work.take_back,
      task_work.task_code,
      -- What set it off is not what was asked for then; in order, the fact that ended the step before is that step's.
      task_work.in_order and level > 1 as after_before,
      step.goal,
      step.event_kind,
      step.min_amount
    from app.task_work_steps
    inner join app.task_work
      using (run_id, customer_id, task_id, occurrence)
    inner join base.task_versions as versions
      on versions.version_id = task_work.version_id
    cross join lateral jsonb_to_recordset(versions.steps) as step (id bigint, goal text, event_kind text, min_amount numeric)
    where task_work_steps.run_id = run
      and task_work_steps.from_at is not null
      and step.id = task_work_steps.step_id
      and case when task_work.in_order then task_work_steps.position = level else level = 1 end
  ),

  -- A day, a week, the goods of a review, an order that was shared count once.
  done as (
    select
      steps.*,
      events.id as fact_id,
      events.occurred_at as happened_at,
      1::numeric as value,
      case
        when steps.goal in ('days', 'streak_days') then (events.occurred_at at time zone zone)::date::text
        when steps.goal = 'streak_weeks' then date_trunc('week', events.occurred_at at time zone zone)::date::text
        when steps.goal = 'reviews' and coalesce(events.product_id, events.order_id) is not null
          then concat_ws('/', coalesce(events.product_id, 0), coalesce(events.order_id, 0))
        else 'id ' || events.id
      end as once_by
    from steps
    inner join app.events
      on events.customer_id = steps.customer_id
      and events.kind = case steps.goal when 'reviews' then 'review' when 'actions' then 'task_action' else steps.event_kind end
    where steps.goal in ('events', 'days', 'streak_days', 'streak_weeks', 'reviews', 'actions')
      and events.occurred_at >= steps.from_at
      -- Months in which nothing counts are not looked into.
      and events.occurred_on >= (steps.from_at at time zone zone)::date
      and events.occurred_on <= (least(steps.until_at, count_task_steps.at) at time zone zone)::date
      and not (steps.trigger_kind = events.kind and steps.trigger_id = events.id)
      and (events.kind <> 'task_action' or events.task_code = steps.task_code)

    union all

    -- A share counts when it sells, and as long as what it sold is kept.
    select
      steps.*,
      share_sales.order_id,
      greatest(events.occurred_at, coalesce(orders.paid_at, orders.placed_at)),
      1,
      share_sales.order_id::text
    from steps
    inner join app.share_sales
      on share_sales.customer_id = steps.customer_id
    inner join app.events
      on events.customer_id = share_sales.customer_id
      and events.id = share_sales.event_id
    inner join app.orders
      on orders.customer_id = share_sales.buyer_id
      and orders.id = share_sales.order_id
    where steps.goal = 'shares_sold'
      and orders.status in ('paid', 'completed')
      and greatest(events.occurred_at, coalesce(orders.paid_at, orders.placed_at)) >= steps.from_at
      and (not steps.take_back or orders.returned_amount < orders.amount or orders.amount = 0)
      and (
        steps.min_amount is null
        or case when steps.take_back then orders.amount - orders.returned_amount else orders.amount end >= steps.min_amount
      )
  ),

  facts as (
    (
      select distinct on (done.customer_id, done.task_id, done.occurrence, done.step_id, done.once_by)
        done.*
      from done
      order by
        done.customer_id,
        done.task_id,
        done.occurrence,
        done.step_id,
        done.once_by,
        done.happened_at,
        done.fact_id
    )

    union all

    select
      steps.*,
      orders.id,
      coalesce(orders.paid_at, orders.placed_at),
      case when steps.goal = 'spend' then kept.amount else 1 end,
      null
    from steps
    inner join app.orders
      on orders.customer_id = steps.customer_id
    cross join lateral (
      select case when steps.take_back then greatest(orders.amount - orders.returned_amount, 0) else orders.amount end as amount
    ) as kept
    where steps.goal in ('orders', 'spend')
      and orders.status in ('paid', 'completed')
      and coalesce(orders.paid_at, orders.placed_at) >= steps.from_at
      and not (steps.trigger_kind = 'first_order' and steps.trigger_id = orders.id)
      and (not steps.take_back or orders.returned_amount < orders.amount or orders.amount = 0)
      and (steps.min_amount is null or kept.amount >= steps.min_amount)

    union all

    select
      steps.*,
      friends.friend_id,
      friends.at,
      1,
      null
    from steps
    cross join lateral ops.invited_friends(steps.customer_id) as friends
    where steps.goal = 'friends'
      and friends.at >= steps.from_at
  ),

  counting as materialized (
    select *
    from facts
    where facts.happened_at < facts.until_at
      and facts.happened_at <= count_task_steps.at
      and (not facts.after_before or facts.happened_at > facts.from_at)
  ),

  -- Days or weeks one after the other: what they are apart from their number stays the same.
  runs as (
    select
      counting.*,
      unit.place - row_number() over (
        partition by counting.customer_id, counting.task_id, counting.occurrence, counting.step_id
        order by unit.place
      ) as run_key,
      unit.place
    from counting
    cross join lateral (
      select case counting.goal
        when 'streak_weeks' then (date_trunc('week', counting.happened_at at time zone zone)::date - date '2000-01-03') / 7
        else (counting.happened_at at time zone zone)::date - date '2000-01-01'
      end as place
    ) as unit
    where counting.goal in ('streak_days', 'streak_weeks')
  ),

  streaks as (
    select
      runs.*,
      row_number() over (
        partition by runs.customer_id, runs.task_id, runs.occurrence, runs.step_id, runs.run_key
        order by runs.place
      ) as length
    from runs
  ),

  sums as (
    select
      counting.*,
      sum(counting.value) over (
        partition by counting.customer_id, counting.task_id, counting.occurrence, counting.step_id
        order by counting.happened_at, counting.fact_id
        rows unbounded preceding
      ) as upto
    from counting
    where counting.goal not in ('streak_days', 'streak_weeks')
  ),

  turns as materialized (
    select
      sums.customer_id,
      sums.task_id,
      sums.occurrence,
      sums.step_id,
      sums.times,
      passed.turn,
      sums.happened_at
    from sums
    cross join lateral generate_series(
      floor((sums.upto - sums.value) / sums.target)::bigint + 1,
      least(floor(sums.upto / sums.target)::bigint, coalesce(sums.times, 10000))
    ) as passed (turn)

    union all

    select
      streaks.customer_id,
      streaks.task_id,
      streaks.occurrence,
      streaks.step_id,
      streaks.times,
      row_number() over (
        partition by streaks.customer_id, streaks.task_id, streaks.occurrence, streaks.step_id
        order by streaks.place
      ),
      streaks.happened_at
    from streaks
    where streaks.length % streaks.target = 0
  ),

  kept_turns as (
    insert into app.task_work_turns (run_id, customer_id, task_id, occurrence, step_id, turn, completed_at)
    select
      run,
      turns.customer_id,
      turns.task_id,
      turns.occurrence,
      turns.step_id,
      turns.turn,
      turns.happened_at
    from turns
    where turns.turn <= coalesce(turns.times, 10000)
    returning task_work_turns.*
  ),

  -- Added up, not joined: of many steps each would be looked for among all.
  figures as (
    select
      told.customer_id,
      told.task_id,
      told.occurrence,
      told.step_id,
      coalesce(max(told.counted), 0) as counted,
      count(told.reached_at) as turns,
      -- Of one that gives without end the first time is enough.
      case
        when count(told.reached_at) >= coalesce(max(told.times), 1)
          then case when max(told.times) is null then min(told.reached_at) else max(told.reached_at) end
      end as done_at
    from (
      select
        sums.customer_id,
        sums.task_id,
        sums.occurrence,
        sums.step_id,
        sums.times,
        sums.upto as counted,
        null::timestamptz as reached_at
      from sums

      union all

      -- A streak counts as it stands: one that was broken is over.
      select
        streaks.customer_id,
        streaks.task_id,
        streaks.occurrence,
        streaks.step_id,
        streaks.times,
        case
          when streaks.goal = 'streak_days' and streaks.place >= today - date '2000-01-01' - 1 then streaks.length
          when streaks.goal = 'streak_weeks'
            and streaks.place >= (date_trunc('week', today::timestamp)::date - date '2000-01-03') / 7 - 1 then streaks.length
        end,
        null
      from streaks

      union all

      select
        turns.customer_id,
        turns.task_id,
        turns.occurrence,
        turns.step_id,
        turns.times,
        null,
        turns.happened_at
      from turns
      where turns.turn <= coalesce(turns.times, 10000)
    ) as told
    group by told.customer_id, told.task_id, told.occurrence, told.step_id
  )

  update app.task_work_steps
  set
    counted = figures.counted,
    turns = figures.turns,
    done_at = figures.done_at
  from figures
  where task_work_steps.run_id = run
    and task_work_steps.customer_id = figures.customer_id
    and task_work_steps.task_id = figures.task_id
    and task_work_steps.occurrence = figures.occurrence
    and task_work_steps.step_id = figures.step_id
    and (figures.counted > 0 or figures.turns > 0);
end;
$$;

comment on function ops.count_task_steps(bigint, integer, timestamptz) is
  'Counts what was done for the steps of a level (all of them where a task asks for no order), up to a moment and within their hours,
and when each target was reached, time after time.';
