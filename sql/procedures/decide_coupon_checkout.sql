create function ops.decide_coupon_checkout(checkout bigint, decision text, why text, of_order jsonb, at timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  whose bigint;
  uses bigint[];
  had text[];
begin
  select min(coupon_uses.customer_id) into whose from app.coupon_uses where coupon_uses.checkout_id = checkout;
  if whose is null then
    return null;
  end if;
  perform ops.lock_coupon_customers(array[whose]);

  select
    array_agg(coupon_uses.id order by coupon_uses.id),
    array_agg(distinct case when coupon_uses.status = 'reserved' and coupon_uses.reserved_until_at <= at then 'late' else coupon_uses.status end)
  into uses, had
  from app.coupon_uses
  where coupon_uses.checkout_id = checkout;

  if of_order ->> 'order_external_id' is not null and had <@ array['reserved', 'redeemed'] then
    update app.coupon_uses
    set
      order_external_id = of_order ->> 'order_external_id',
      order_source = coalesce(of_order ->> 'order_source', coupon_uses.source)
    where coupon_uses.id = any (uses)
      and coupon_uses.order_id is null
      and coupon_uses.order_external_id is distinct from of_order ->> 'order_external_id';
  end if;

  if (decision = 'confirm' and had = array['redeemed']) or (decision = 'cancel' and had <@ array['cancelled', 'returned']) then
    return jsonb_build_object('answer', 'replayed', 'customer_id', whose);
  elsif decision = 'confirm' and had = array['reserved'] then
    perform ops.redeem_coupon_uses(uses, array_fill(at, array[cardinality(uses)]));
  elsif decision = 'cancel' then
    perform ops.release_coupon_uses(uses, why, at);
    perform ops.return_coupon_uses(uses, why, array_fill(at, array[cardinality(uses)]));
  else
    raise exception '预占已取消或已超时 | The reservation was cancelled, or ran out' using errcode = 'EG409';
  end if;
  return jsonb_build_object('answer', 'accepted', 'customer_id', whose);
end;
$$;

comment on function ops.decide_coupon_checkout(bigint, text, text, jsonb, timestamptz) is
  'Confirms what an order reserved, or cancels it, also after it was redeemed: the customer has the coupons again. The same decision again changes
nothing (replayed); one that ran out is over (EG409). of_order: {order_external_id, order_source}, once they are known. Null when there is none.';
