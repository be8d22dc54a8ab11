create view base.automation_steps as
select
  automation_steps.id,
  automation_steps.customer_id,
  automation_steps.run_id,
  automation_steps.automation_id,
  automation_steps.visit,
  automation_steps.step_code,
  coalesce(step.name, case automation_steps.step_code when 'entry' then '进入' when 'end' then '结束' else automation_steps.step_code end) as step_name,
  coalesce(step.name_en, case automation_steps.step_code when 'entry' then 'Entry' when 'end' then 'End' else automation_steps.step_code end) as step_name_en,
  automation_steps.kind,
  automation_steps.outcome,
  automation_steps.reason,
  automation_steps.until_at,
  automation_steps.made_id,
  automation_steps.done_at,
  automation_steps.done_on
from app.automation_steps
inner join app.automation_runs
  on automation_runs.customer_id = automation_steps.customer_id
  and automation_runs.id = automation_steps.run_id
inner join app.programme_versions
  on programme_versions.id = automation_runs.version_id
left join lateral (
  select
    listed.step ->> 'name' as name,
    listed.step ->> 'name_en' as name_en
  from jsonb_array_elements(programme_versions.body -> 'steps') as listed (step)
  where listed.step ->> 'code' = automation_steps.step_code
) as step
  on true;

comment on view base.automation_steps is
  'Steps of journeys
One row per step that was done for a customer: what came of it, and why not.';
