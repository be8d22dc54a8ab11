create function ops.decide_benefit_use(benefit_use bigint, decision text, why text, user_id bigint, given_code text, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  held app.benefit_uses;
begin
  select * into held from app.benefit_uses where benefit_uses.id = benefit_use;
  if not found then
    return null;
  end if;
  perform ops.lock_account(held.customer_id);
  select * into held from app.benefit_uses where benefit_uses.id = benefit_use for update;

  if cardinality(ops.decide_benefit_uses(array[benefit_use], decision, why, user_id, given_code, at_time)) = 1 then
    return jsonb_build_object('answer', 'accepted', 'customer_id', held.customer_id);
  elsif (decision = 'confirm' and held.status in ('waiting', 'done'))
    or (decision = 'cancel' and held.status = 'cancelled')
    or (decision = 'done' and held.status = 'done')
    or (decision = 'fail' and held.status = 'failed') then
    return jsonb_build_object('answer', 'replayed', 'customer_id', held.customer_id);
  end if;
  raise exception '该次使用已结束，或预占已超时 | This use is over, or its reservation ran out' using errcode = 'EG409';
end;
$$;

comment on function ops.decide_benefit_use(bigint, text, text, bigint, text, timestamptz) is
  'The same for one use; decided so already it changes nothing (replayed), decided otherwise it is refused (EG409). Null when there is none.';
