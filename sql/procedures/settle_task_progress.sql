create function ops.settle_task_progress(run bigint, customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  with outcomes as (
    select
      task_work.customer_id,
      task_work.task_id,
      task_work.occurrence,
      task_work.version_id,
      task_work.trigger,
      task_work.trigger_kind,
      task_work.trigger_id,
      task_work.started_at,
      task_work.until_at,
      task_work.in_order,
      count(*) as step_count,
      count(steps.done_at) as steps_done,
      max(steps.done_at) as last_done_at,
      bool_or(steps.counted > 0) as begun,
      -- The last moment at which something can still be done for it.
      max(coalesce(steps.until_at, 'infinity')) filter (where steps.done_at is null and steps.from_at is not null) as open_until_at,
      jsonb_agg(
        jsonb_build_object(
          'step_id', steps.step_id,
          'count', steps.counted,
          'target', steps.target,
          'turns', steps.turns,
          'times', steps.times,
          'until_at', steps.until_at,
          'done_at', steps.done_at
        )
        order by steps.position
      ) as steps
    from app.task_work
    inner join app.task_work_steps as steps
      using (run_id, customer_id, task_id, occurrence)
    where task_work.run_id = run
    group by task_work.run_id, task_work.customer_id, task_work.task_id, task_work.occurrence
  ),

  states as (
    select
      outcomes.*,
      nullif(case when outcomes.steps_done = outcomes.step_count then outcomes.until_at else outcomes.open_until_at end, 'infinity') as closes_at,
      case
        when outcomes.steps_done = outcomes.step_count then 'done'
        when outcomes.open_until_at > settle_task_progress.at then 'running'
        when exists (
          select
          from app.task_completions
          where task_completions.customer_id = outcomes.customer_id
            and task_completions.task_id = outcomes.task_id
            and task_completions.occurrence = outcomes.occurrence
            and task_completions.state = 'taken_back'
        ) then 'taken_back'
        else 'lapsed'
      end as state
    from outcomes
  )

  insert into app.task_progress as kept (
    customer_id, task_id, occurrence, version_id, trigger_kind, trigger_id, started_at, until_at, state, steps, steps_done,
    step_count, done_at
  )
  select
    states.customer_id,
    states.task_id,
    states.occurrence,
    states.version_id,
    states.trigger_kind,
    states.trigger_id,
    states.started_at,
    states.closes_at,
    states.state,
    states.steps,
    states.steps_done,
    states.step_count,
    case when states.state = 'done' then states.last_done_at end
  from states
  -- What is always there has begun when something was done for it.
  where states.trigger <> 'always'
    or states.begun
    or exists (
      select
      from app.task_progress
      where task_progress.customer_id = states.customer_id
        and task_progress.task_id = states.task_id
        and task_progress.occurrence = states.occurrence
    )
  order by states.customer_id, states.task_id, states.occurrence
  on conflict on constraint task_progress_occurrence_key do update
  set
    version_id = excluded.version_id,
    trigger_kind = excluded.trigger_kind,
    trigger_id = excluded.trigger_id,
    started_at = excluded.started_at,
    until_at = excluded.until_at,
    state = excluded.state,
    steps = excluded.steps,
    steps_done = excluded.steps_done,
    step_count = excluded.step_count,
    done_at = excluded.done_at,
    updated_at = now(),
    version = kept.version + 1
  where (kept.version_id, kept.started_at, kept.until_at, kept.state, kept.steps)
    is distinct from (excluded.version_id, excluded.started_at, excluded.until_at, excluded.state, excluded.steps);

  -- What set it off is gone: an only order that came back.
  update app.task_progress
  set
    state = 'taken_back',
    steps_done = 0,
    done_at = null,
    updated_at = now(),
    version = task_progress.version + 1
  where task_progress.customer_id = any (settle_task_progress.customers)
    and task_progress.state <> 'taken_back'
    and not exists (
      select
      from app.task_work
      where task_work.run_id = run
        and task_work.customer_id = task_progress.customer_id
        and task_work.task_id = task_progress.task_id
        and task_work.occurrence = task_progress.occurrence
    );
end;
$$;

comment on function ops.settle_task_progress(bigint, bigint[], timestamptz) is
  'Keeps how far the customers are with each task they have begun, as the workings of the run have it. What is the same is not written.';
