create view base.task_versions as
select
  versions.id as version_id,
  versions.record_id as task_id,
  versions.effective_from_at,
  versions.effective_until_at,
  task.code,
  task.status,
  coalesce(task.visible, true) as visible,
  task.trigger,
  task.trigger_event,
  coalesce(task.trigger_segments, '{}') as trigger_segments,
  coalesce(task.tiers, '{}') as tiers,
  coalesce(task.segments, '{}') as segments,
  nullif(nullif(task.customer_condition, '{}'), 'null') as customer_condition,
  task.starts_at,
  task.ends_at,
  task.limit_hours,
  coalesce(task.repeats, 'once') as repeats,
  task.repeat_period,
  coalesce(task.step_order, 'any') as step_order,
  coalesce(task.take_back, true) as take_back,
  task.budget_id,
  coalesce(task.cost_kind, 'promotion') as cost_kind,
  coalesce(task.steps, '[]') as steps
from base.programme_versions as versions
cross join lateral jsonb_to_record(versions.body) as task (
  code text, status text, visible boolean, trigger text, trigger_event text, trigger_segments bigint[], tiers bigint[],
  segments bigint[], customer_condition jsonb, starts_at timestamptz, ends_at timestamptz, limit_hours integer, repeats text,
  repeat_period text, step_order text, take_back boolean, budget_id bigint, cost_kind text, steps jsonb
)
where versions.resource = 'tasks'
  and versions.body is not null;

comment on view base.task_versions is
  'Tasks as they held
One row per version of a task, with the time from which and until which it holds. steps: each as app.task_steps has it.';
