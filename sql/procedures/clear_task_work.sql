create function ops.clear_task_work(run bigint)
returns void
language sql
volatile
begin atomic
  delete from app.task_work_turns where task_work_turns.run_id = run;
  delete from app.task_work_steps where task_work_steps.run_id = run;
  delete from app.task_work where task_work.run_id = run;
  delete from app.task_matches where task_matches.run_id = run;
end;

comment on function ops.clear_task_work(bigint) is 'Removes what was laid out for a run.';
