create function ops.engine_settle(run bigint, this_round integer)
returns void
language sql
volatile
begin atomic
  select ops.engine_activate(run, this_round);
  select ops.engine_repay(run, this_round, false);
  select ops.engine_expire(run, this_round);
end;

comment on function ops.engine_settle(bigint, integer) is
  'What time alone brings before the facts of the round: pending points become available, debts are paid from them, points expire.';
