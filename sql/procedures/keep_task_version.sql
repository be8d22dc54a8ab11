create function ops.keep_task_version(task bigint, user_id bigint, from_at timestamptz default null)
returns void
language sql
volatile
begin atomic
  select ops.keep_version(
    'tasks',
    task,
    user_id,
    (
      select
        to_jsonb(tasks) - array['description', 'created_at', 'updated_at', 'version']
        || jsonb_build_object('steps', coalesce((
          select jsonb_agg(to_jsonb(task_steps) - 'task_id' order by task_steps.position, task_steps.id)
          from app.task_steps
          where task_steps.task_id = tasks.id
        ), '[]'))
      from app.tasks
      where tasks.id = task
    ),
    from_at
  );
end;

comment on function ops.keep_task_version(bigint, bigint, timestamptz) is
  'Keeps a task with its steps as it holds from a moment on; deleted, where there is none.';
