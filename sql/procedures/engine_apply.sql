create function ops.engine_apply(run bigint, this_round integer)
returns void
language sql
volatile
begin atomic
  select ops.engine_adjust(run, this_round);
  select ops.engine_earn(run, this_round);
  select ops.engine_repay(run, this_round, false);
  select ops.engine_take_back(run, this_round);
  select ops.engine_redeem(run, this_round);
  select ops.engine_decide(run, this_round);
end;

comment on function ops.engine_apply(bigint, integer) is
  'What the facts of the round bring, one of each customer at most. The customers are settled (ops.engine_settle) before.';
