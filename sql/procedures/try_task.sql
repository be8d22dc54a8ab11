-- In a transaction that is rolled back: the draft is a task of its own, held from a day on, and nothing is given.
create function ops.try_task(body jsonb, customers bigint[], since_at timestamptz)
returns table (
  step_id bigint,
  begun bigint,
  reached bigint,
  turns bigint
)
language plpgsql
volatile
as $$
declare
  run constant bigint := pg_current_xact_id()::text::bigint;
  draft_id constant bigint := -1;
begin
  -- Other tasks are not asked.
  insert into app.programme_versions (resource, record_id, effective_from_at, body)
  select
    'tasks',
    tasks.id,
    '-infinity',
    null
  from app.tasks;

  insert into app.programme_versions (resource, record_id, effective_from_at, body)
  values ('tasks', draft_id, since_at, try_task.body);

  perform ops.lay_out_tasks(run, try_task.customers, now());

  return query
  select
    steps.step_id,
    count(distinct steps.customer_id),
    count(distinct steps.customer_id) filter (where steps.turns > 0),
    coalesce(sum(steps.turns), 0)::bigint
  from app.task_work_steps as steps
  where steps.run_id = run
    and steps.task_id = draft_id
  group by steps.step_id
  order by steps.step_id;
end;
$$;

comment on function ops.try_task(jsonb, bigint[], timestamptz) is
  'What a task would have come to for the customers, had it held since a moment: of each step who had begun, who reached it, and how often.
For a transaction that is rolled back.';
