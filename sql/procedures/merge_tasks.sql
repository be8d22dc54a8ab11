-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_tasks(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- One of two records of the same task is enough: it is worked out anew from what both did.
  delete from app.task_progress
  where task_progress.customer_id = duplicate
    and exists (
      select
      from app.task_progress as own
      where own.customer_id = survivor
        and own.task_id = task_progress.task_id
        and own.occurrence = task_progress.occurrence
    );

  update app.task_progress
  set customer_id = survivor
  where task_progress.customer_id = duplicate;

  -- What both reached is once more than either: the next time of one person. What one person should not have is taken back then.
  -- Their rewards follow them by the key.
  update app.task_completions
  set
    customer_id = survivor,
    turn = task_completions.turn + own.turns
  from (
    select
      theirs.id,
      coalesce((
        select max(mine.turn)
        from app.task_completions as mine
        where mine.customer_id = survivor
          and mine.task_id = theirs.task_id
          and mine.step_id = theirs.step_id
          and mine.occurrence = theirs.occurrence
      ), 0) as turns
    from app.task_completions as theirs
    where theirs.customer_id = duplicate
  ) as own
  where task_completions.customer_id = duplicate
    and task_completions.id = own.id;

  update app.customer_titles
  set customer_id = survivor
  where customer_titles.customer_id = duplicate;
end;
$$;

comment on function ops.merge_tasks(bigint, bigint) is
  'Progress, steps reached, their rewards and titles of the duplicate become the survivor''s; what their facts together say is worked out next.';
