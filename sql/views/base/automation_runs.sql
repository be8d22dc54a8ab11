create view base.automation_runs as
select
  automation_runs.id,
  automation_runs.customer_id,
  automation_runs.automation_id,
  automation_runs.version_id,
  '#' || automation_runs.id as number,
  automation_runs.trigger_key,
  automation_runs.status,
  automation_runs.reason,
  automation_runs.step_code,
  coalesce(step.name, case automation_runs.step_code when 'end' then '结束' else automation_runs.step_code end) as step_name,
  coalesce(step.name_en, case automation_runs.step_code when 'end' then 'End' else automation_runs.step_code end) as step_name_en,
  automation_runs.due_at,
  automation_runs.entered_at,
  automation_runs.entered_on,
  automation_runs.ended_at,
  bought.ordered_at as converted_at,
  bought.ordered_at is not null as converted
from app.automation_runs
inner join app.automations
  on automations.id = automation_runs.automation_id
inner join app.programme_versions
  on programme_versions.id = automation_runs.version_id
left join lateral (
  select
    listed.step ->> 'name' as name,
    listed.step ->> 'name_en' as name_en
  from jsonb_array_elements(programme_versions.body -> 'steps') as listed (step)
  where listed.step ->> 'code' = automation_runs.step_code
) as step
  on true
left join lateral (
  select min(coalesce(orders.paid_at, orders.placed_at)) as ordered_at
  from app.orders
  where orders.customer_id = automation_runs.customer_id
    and orders.status in ('paid', 'completed')
    and coalesce(orders.paid_at, orders.placed_at) > automation_runs.entered_at
    and coalesce(orders.paid_at, orders.placed_at) <= automation_runs.entered_at + make_interval(days => automations.goal_days)
) as bought
  on true;

comment on view base.automation_runs is
  'Journeys
One row per customer and time that an automation began for them, also of those held out; converted: they ordered within the days of its goal.';
