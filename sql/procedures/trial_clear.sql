create function ops.trial_clear(run bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- As at the end of a run: what is missing to a tier is counted from its last fact on.
  perform ops.engine_carry(run, run);

  delete from app.engine_turns
  where engine_turns.run_id = run;

  delete from app.engine_rules
  where engine_rules.run_id = run;

  delete from app.engine_tiers
  where engine_tiers.run_id = run;

  delete from app.engine_criteria
  where engine_criteria.run_id = run;

  delete from app.engine_matches
  where engine_matches.run_id = run;
end;
$$;

comment on function ops.trial_clear(bigint) is
  'Clears the workings of a run between two parts of a trial; its books stay until the transaction is rolled back.';
