create function ops.engine_clear(run bigint)
returns void
language plpgsql
volatile
as $$
begin
  delete from app.engine_turns
  where engine_turns.run_id = run;

  delete from app.engine_rules
  where engine_rules.run_id = run;

  delete from app.engine_tiers
  where engine_tiers.run_id = run;

  delete from app.engine_criteria
  where engine_criteria.run_id = run;

  delete from app.engine_multipliers
  where engine_multipliers.run_id = run;

  delete from app.engine_matches
  where engine_matches.run_id = run;

  delete from app.engine_held
  where engine_held.run_id = run;

  delete from app.engine_lines
  where engine_lines.run_id = run;

  delete from app.engine_runs
  where engine_runs.run_id = run;
end;
$$;

comment on function ops.engine_clear(bigint) is
  'Removes what was laid out for a run.';
