create function ops.engine_apply(run bigint, this_round integer)
returns void
language plpgsql
volatile
as $$
declare
  kinds text[];
  -- What customers do beside buying, and earn by.
  events constant text[] := array['check_in', 'share', 'review', 'task_action'];
begin
  select array_agg(distinct engine_turns.fact_kind)
  into kinds
  from app.engine_turns
  where engine_turns.run_id = run
    and engine_turns.round = this_round;

  if 'adjust' = any (kinds) then
    perform ops.engine_adjust(run, this_round);
  end if;
  if kinds && (array['order', 'sign_up'] || events) then
    if 'order' = any (kinds) then
      perform ops.engine_multiply(run, this_round);
    end if;
    perform ops.engine_earn(run, this_round);
  end if;
  if 'extend' = any (kinds) then
    perform ops.engine_extend(run, this_round);
  end if;
  perform ops.engine_repay(run, this_round, false);
  if kinds && array['order', 'return', 'share', 'unsold', 'adjust'] then
    perform ops.engine_take_back(run, this_round);
  end if;
  if kinds && (array['sign_up', 'order', 'return', 'unsold', 'grade'] || events) then
    perform ops.engine_review(run, this_round, false);
  end if;
  if kinds && array['reserve', 'adjust'] then
    perform ops.engine_redeem(run, this_round);
  end if;
  if kinds && array['confirm', 'cancel'] then
    perform ops.engine_decide(run, this_round);
  end if;
end;
$$;

comment on function ops.engine_apply(bigint, integer) is
  'What the facts of the round bring, one of each customer at most. The customers are settled (ops.engine_settle) before.';
