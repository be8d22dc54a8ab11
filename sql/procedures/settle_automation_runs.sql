create function ops.settle_automation_runs(work bigint, automation bigint, at_time timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
begin
  insert into app.automation_steps (customer_id, run_id, automation_id, visit, step_code, kind, outcome, reason, done_at, done_on)
  select
    due.customer_id,
    due.run_id,
    automation,
    due.visits,
    'end',
    'end',
    due.ended,
    due.reason,
    at_time,
    (at_time at time zone zone)::date
  from app.automation_due as due
  where due.work_id = work
    and due.ended is not null
  order by due.customer_id, due.run_id;

  update app.automation_runs
  set
    status = coalesce(due.ended, 'running'),
    reason = due.reason,
    step_code = case when due.ended is null then due.step_code end,
    due_at = case when due.ended is null then due.wake_at end,
    visits = due.visits + case when due.ended is null then 0 else 1 end,
    ended_at = case when due.ended is not null then at_time end
  from app.automation_due as due
  where due.work_id = work
    and automation_runs.customer_id = due.customer_id
    and automation_runs.id = due.run_id;

  delete from app.automation_due where automation_due.work_id = work;
end;
$$;

comment on function ops.settle_automation_runs(bigint, bigint, timestamptz) is
  'Ends a turn: journeys wait where they came to, or have ended.';
