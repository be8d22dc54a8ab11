create function ops.end_automation(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  at_once constant boolean := coalesce((input ->> 'at_once')::boolean, false);
  left_over bigint;
begin
  update app.automations
  set
    status = 'ended',
    version = automations.version + 1,
    updated_at = now()
  where automations.id = record_id
    and automations.status in ('running', 'paused');
  if not found then
    raise exception '只有进行中或已暂停的自动化可以结束 | Only one that runs or is paused can end' using errcode = 'EG409';
  end if;

  with gone as (
    update app.automation_runs
    set
      status = 'exited',
      reason = 'ended_by_staff',
      due_at = null,
      ended_at = now(),
      visits = automation_runs.visits + 1
    where automation_runs.automation_id = record_id
      and automation_runs.status = 'running'
      and at_once
    returning automation_runs.*
  )

  insert into app.automation_steps (customer_id, run_id, automation_id, visit, step_code, kind, outcome, reason, done_at, done_on)
  select
    gone.customer_id,
    gone.id,
    gone.automation_id,
    gone.visits - 1,
    'end',
    'end',
    'exited',
    'ended_by_staff',
    gone.ended_at,
    (gone.ended_at at time zone settings.time_zone)::date
  from gone
  cross join app.settings
  on conflict (customer_id, run_id, visit) do nothing;

  select count(*) into left_over from app.automation_runs where automation_runs.automation_id = record_id and automation_runs.status = 'running';
  return jsonb_build_object(
    'message', jsonb_build_array(
      '已结束' || case when left_over > 0 then format('，途中 %s 人走完为止', left_over) else '' end,
      'It has ended' || case when left_over > 0 then format('; %s on their way go on to the end', left_over) else '' end
    )
  );
end;
$$;

comment on function ops.end_automation(bigint, bigint, jsonb) is 'Nobody enters any more; whoever is on the way goes on to the end, or stops at once where input.at_once says so.';
