create function ops.tasks_wanted()
returns text[]
language sql
stable
begin atomic
  -- What was begun goes on when a task is paused: as long as there is one, its facts count.
  select case
    when exists (select from app.tasks where tasks.status = 'active')
      or exists (select from app.task_progress)
      then '{sign_up,order,return,check_in,share,review,task_action,unsold}'::text[]
    else '{}'::text[]
  end;
end;

comment on function ops.tasks_wanted() is
  'Kinds of fact that tasks want to hear of: none where no task is active and none was ever begun.';
