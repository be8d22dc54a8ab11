create function ops.trial_clear(run bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- As at the end of a run: what is missing to a tier is counted from its last fact on.
  perform ops.engine_carry(run, run);

  perform ops.engine_clear(run);
end;
$$;

comment on function ops.trial_clear(bigint) is
  'Clears the workings of a run between two parts of a trial; its books stay until the transaction is rolled back.';
