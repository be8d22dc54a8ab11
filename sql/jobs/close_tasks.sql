-- every: */5 * * * *
-- label: 到期任务关闭 | Tasks whose time is over
create function ops.close_tasks(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  closed bigint;
begin
  -- Who is worked at this moment comes next time. A step that was taken back is what it lapsed by.
  with late as (
    select
      task_progress.customer_id,
      task_progress.id
    from app.task_progress
    where task_progress.state = 'running'
      and task_progress.until_at <= now()
    order by task_progress.customer_id, task_progress.id
    for update skip locked
  )

  update app.task_progress
  set
    state = case
      when exists (
        select
        from app.task_completions
        where task_completions.customer_id = task_progress.customer_id
          and task_completions.task_id = task_progress.task_id
          and task_completions.occurrence = task_progress.occurrence
          and task_completions.state = 'taken_back'
      ) then 'taken_back'
      else 'lapsed'
    end,
    updated_at = now(),
    version = task_progress.version + 1
  from late
  where task_progress.customer_id = late.customer_id
    and task_progress.id = late.id;

  get diagnostics closed = row_count;
  return closed;
end;
$$;

comment on function ops.close_tasks(date) is
  'Closes tasks whose hours are over. It says what ops.review_tasks would say: running it later, or twice, changes nothing else.';
