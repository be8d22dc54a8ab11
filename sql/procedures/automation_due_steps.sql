create function ops.automation_due_steps(work bigint)
returns table (version_id bigint, step_code text, step jsonb)
language plpgsql
stable
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  select
    due.version_id,
    due.step_code,
    listed.step
  from (
    select distinct
      automation_due.version_id,
      automation_due.step_code
    from app.automation_due
    where automation_due.work_id = work
      and automation_due.wake_at is null
      and automation_due.ended is null
  ) as due
  inner join app.programme_versions
    on programme_versions.id = due.version_id
  left join lateral jsonb_array_elements(programme_versions.body -> 'steps') as listed (step)
    on listed.step ->> 'code' = due.step_code
  order by
    due.version_id,
    due.step_code;
end;
$$;

comment on function ops.automation_due_steps(bigint) is
  'The steps at which the journeys of app.automation_due stand that neither wait nor have ended, each once, with what the step is in their version.';
