create function ops.engine_settle(run bigint, this_round integer)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.engine_activate(run, this_round);
  perform ops.engine_repay(run, this_round, false);
  perform ops.engine_expire(run, this_round);
  -- A tier may be due several times before the fact.
  while exists (
    select
    from app.engine_turns
    inner join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and ops.tier_due(run, tier_states.due_at, tier_states.reviewed_at) <= engine_turns.occurred_at
  ) loop
    perform ops.engine_review(run, this_round, true);
  end loop;
end;
$$;

comment on function ops.engine_settle(bigint, integer) is
  'What time alone brings before the facts of the round: pending points become available, debts are paid from them, points expire,
tiers end.';
