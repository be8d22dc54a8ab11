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
  loop
    exit when ops.engine_review(run, this_round, true) = 0;
  end loop;
end;
$$;

comment on function ops.engine_settle(bigint, integer) is
  'What time alone brings before the facts of the round: pending points become available, debts are paid from them, points expire,
tiers end.';
