create view base.task_completions as
select
  task_completions.id,
  task_completions.customer_id,
  task_completions.task_id,
  task_progress.id as progress_id,
  task_completions.step_id,
  coalesce(task_steps.name, step.value ->> 'name') as step_name,
  coalesce(task_steps.name_en, step.value ->> 'name_en') as step_name_en,
  task_completions.occurrence,
  task_completions.turn,
  task_completions.completed_at,
  task_completions.state,
  task_completions.round,
  task_completions.taken_at
from app.task_completions
left join app.task_progress
  on task_progress.customer_id = task_completions.customer_id
  and task_progress.task_id = task_completions.task_id
  and task_progress.occurrence = task_completions.occurrence
left join app.task_steps
  on task_steps.id = task_completions.step_id
-- A step that was taken out of the task since is called as it was.
left join lateral (
  select steps.value
  from app.programme_versions
  cross join lateral jsonb_array_elements(programme_versions.body -> 'steps') as steps (value)
  where programme_versions.id = task_progress.version_id
    and (steps.value ->> 'id')::bigint = task_completions.step_id
  limit 1
) as step
  on true;

comment on view base.task_completions is
  'Steps reached
One row per customer, step and time that they reached it; state: taken back where the facts no longer say so.';
