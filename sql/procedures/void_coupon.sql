create function ops.void_coupon(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  whose bigint;
begin
  select coupons.customer_id into whose from app.coupons where coupons.id = record_id;
  perform ops.lock_coupon_customers(array[whose]);

  if cardinality(ops.withdraw_coupons(array[record_id], 'void', input ->> 'reason', clock_timestamp())) = 0 then
    raise exception '该券已核销或已失效 | It is redeemed, or has ended' using errcode = 'EG409';
  end if;
  return jsonb_build_object('message', jsonb_build_array('已作废', 'Made void'));
end;
$$;

comment on function ops.void_coupon(bigint, bigint, jsonb) is 'Staff take one coupon back that was not redeemed, with a reason.';
