create view base.task_progress as
select
  task_progress.id,
  concat_ws(' · ', tasks.name, nullif(task_progress.occurrence, 'once')) as title,
  concat_ws(' · ', tasks.name_en, nullif(task_progress.occurrence, 'once')) as title_en,
  task_progress.customer_id,
  task_progress.task_id,
  task_progress.occurrence,
  nullif(task_progress.occurrence, 'once')::date as period_on,
  task_progress.version_id,
  -- Its time may be over before somebody says so.
  case when task_progress.state = 'running' and task_progress.until_at <= now() then 'lapsed' else task_progress.state end as state,
  task_progress.trigger_kind,
  task_progress.started_at,
  task_progress.until_at,
  task_progress.steps,
  task_progress.steps_done,
  task_progress.step_count,
  (task_progress.steps_done::numeric / nullif(task_progress.step_count, 0))::numeric(5, 4) as share_done,
  task_progress.done_at,
  task_progress.updated_at,
  task_progress.version
from app.task_progress
inner join app.tasks
  on tasks.id = task_progress.task_id;

comment on view base.task_progress is
  'Progress of tasks
One row per customer, task and time that they began it, with how many of its steps are done.';
