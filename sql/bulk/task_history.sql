-- Tasks hold from the first day of the programme on, and each reward was given in the month in which its step was reached.
select ops.keep_task_version(tasks.id, 0, settings.started_on::timestamp at time zone settings.time_zone)
from app.tasks
cross join app.settings;

do $$
declare
  run constant bigint := pg_current_xact_id()::text::bigint;
  as_of constant timestamptz := (
    select current_setting('seed.as_of_on')::date::timestamp at time zone settings.time_zone
    from app.settings
  );
  everybody constant bigint[] := array(
    select customers.id
    from app.customers
    where customers.status in ('active', 'blocked')
    order by customers.id
  );
  month_end timestamptz;
begin
  perform ops.lay_out_tasks(run, everybody, as_of);
  perform ops.settle_completions(run, everybody, as_of);
  perform ops.settle_task_progress(run, everybody, as_of);
  perform ops.clear_task_work(run);

  update app.task_grants
  set given_at = task_completions.completed_at
  from app.task_completions
  where task_completions.customer_id = task_grants.customer_id
    and task_completions.id = task_grants.completion_id;

  for month_end in
    select distinct least(as_of, date_trunc('week', task_grants.given_at) + interval '7 days')
    from app.task_grants
    where task_grants.state = 'due'
    order by 1
  loop
    perform ops.give_task_rewards(everybody, month_end);
  end loop;
end
$$;
