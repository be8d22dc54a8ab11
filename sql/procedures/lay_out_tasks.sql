create function ops.lay_out_tasks(run bigint, customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  levels integer;
begin
  insert into app.task_work (
    run_id, customer_id, task_id, occurrence, version_id, trigger, trigger_kind, trigger_id, started_at, until_at, in_order,
    take_back, task_code
  )
  select
    run,
    starts.customer_id,
    starts.task_id,
    starts.occurrence,
    starts.version_id,
    versions.trigger,
    starts.trigger_kind,
    starts.trigger_id,
    starts.started_at,
    starts.until_at,
    versions.step_order = 'in_order',
    versions.take_back,
    versions.code
  from ops.task_starts(lay_out_tasks.customers, lay_out_tasks.at) as starts
  inner join base.task_versions as versions
    on versions.version_id = starts.version_id
  where (starts.until_at is null or starts.until_at > starts.started_at)
    and (
      versions.customer_condition is null
      or exists (
        select
        from app.task_matches
        where task_matches.run_id = run
          and task_matches.version_id = starts.version_id
          and task_matches.customer_id = starts.customer_id
          and task_matches.matched_on = starts.asked_on
      )
      -- Who has begun what is always there goes on, whatever becomes of the condition.
      or (
        versions.trigger = 'always'
        and exists (
          select
          from app.task_progress
          where task_progress.customer_id = starts.customer_id
            and task_progress.task_id = starts.task_id
            and task_progress.occurrence = starts.occurrence
        )
      )
    );

  insert into app.task_work_steps (
    run_id, customer_id, task_id, occurrence, step_id, position, target, times, from_at, until_at
  )
  select
    run,
    task_work.customer_id,
    task_work.task_id,
    task_work.occurrence,
    step.id,
    step.number,
    step.target,
    step.times,
    case when not task_work.in_order or step.number = 1 then task_work.started_at end,
    case
      when not task_work.in_order or step.number = 1
        then least(task_work.until_at, task_work.started_at + make_interval(hours => step.within_hours))
    end
  from app.task_work
  inner join base.task_versions as versions
    on versions.version_id = task_work.version_id
  cross join lateral (
    select
      given.id,
      given.target,
      given.times,
      given.within_hours,
      row_number() over (order by given.position, given.id) as number
    from jsonb_to_recordset(versions.steps) as given (
      id bigint, position integer, target numeric, times integer, within_hours integer
    )
  ) as step
  where task_work.run_id = run;

  select max(case when task_work.in_order then task_work_steps.position else 1 end)
  into levels
  from app.task_work_steps
  inner join app.task_work
    using (run_id, customer_id, task_id, occurrence)
  where task_work_steps.run_id = run;

  -- In order each step begins where the one before ended; else all of them at once.
  for level in 1 .. coalesce(levels, 0) loop
    if level > 1 then
      update app.task_work_steps
      set
        from_at = before.done_at,
        until_at = least(task_work.until_at, before.done_at + make_interval(hours => (step.value ->> 'within_hours')::integer))
      from app.task_work_steps as before
      inner join app.task_work
        using (run_id, customer_id, task_id, occurrence)
      inner join base.task_versions as versions
        on versions.version_id = task_work.version_id
      cross join lateral jsonb_array_elements(versions.steps) as step (value)
      where before.run_id = run
        and before.position = level - 1
        and before.done_at is not null
        and task_work.in_order
        and task_work_steps.run_id = run
        and task_work_steps.customer_id = before.customer_id
        and task_work_steps.task_id = before.task_id
        and task_work_steps.occurrence = before.occurrence
        and task_work_steps.position = level
        and (step.value ->> 'id')::bigint = task_work_steps.step_id;
    end if;
    perform ops.count_task_steps(run, level, lay_out_tasks.at);
  end loop;
end;
$$;

comment on function ops.lay_out_tasks(bigint, bigint[], timestamptz) is
  'Works out which tasks the customers have begun by a moment and how far they are with each step, from facts alone: app.task_work,
task_work_steps and task_work_turns of the run. Conditions were asked before (app.task_matches).';
