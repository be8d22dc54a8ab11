create function ops.trial_clear(run bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- As at the end of a run: what is missing to a tier is counted from its last fact on.
  update app.tier_states
  set
    spend_missing = tier_states.spend_missing - turned.spend,
    orders_missing = tier_states.orders_missing - turned.orders
  from (
    select
      engine_turns.customer_id,
      max(engine_turns.spend_upto) as spend,
      max(engine_turns.orders_upto) as orders
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
    having max(engine_turns.orders_upto) > 0
  ) as turned
  where tier_states.book_id = run
    and tier_states.customer_id = turned.customer_id
    and (tier_states.spend_missing < 'Infinity' or tier_states.orders_missing < 'Infinity');

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
