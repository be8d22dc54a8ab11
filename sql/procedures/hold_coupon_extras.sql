-- What a use costs more than its coupon held passes the same gates: the cap of the template and the budget.
create function ops.hold_coupon_extras(customer bigint, checkout bigint, at timestamptz)
returns text
language plpgsql
volatile
as $$
declare
  asked jsonb;
  refused text;
begin
  update app.coupon_uses
  set
    extra_amount = coupon_uses.cost - coupons.held_amount,
    extra_key = case when coupons.budget_id is not null then coupons.id || ':' || coupon_uses.id end
  from app.coupons
  where coupon_uses.customer_id = hold_coupon_extras.customer
    and coupon_uses.checkout_id = hold_coupon_extras.checkout
    and coupons.customer_id = coupon_uses.customer_id
    and coupons.id = coupon_uses.coupon_id
    and coupon_uses.cost > coupons.held_amount;
  if not found then
    return null;
  end if;

  select min('budget_exhausted')
  into refused
  from (
    select
      coupons.template_id,
      sum(coupon_uses.extra_amount) as amount
    from app.coupon_uses
    inner join app.coupons
      on coupons.customer_id = coupon_uses.customer_id
      and coupons.id = coupon_uses.coupon_id
    where coupon_uses.customer_id = hold_coupon_extras.customer
      and coupon_uses.checkout_id = hold_coupon_extras.checkout
      and coupon_uses.extra_amount > 0
      and coupons.shard is not null
    group by coupons.template_id
    order by coupons.template_id
  ) as sums
  where not ops.take_coupon_money(sums.template_id, sums.amount);
  if refused is not null then
    return refused;
  end if;

  select jsonb_agg(
    jsonb_build_object(
      'budget_id', coupons.budget_id,
      'customer_id', coupons.customer_id,
      'cost_kind', coupons.cost_kind,
      'amount', coupon_uses.extra_amount,
      'source_kind', 'coupon',
      'source_key', coupon_uses.extra_key,
      'at', at
    )
    order by coupon_uses.place
  )
  into asked
  from app.coupon_uses
  inner join app.coupons
    on coupons.customer_id = coupon_uses.customer_id
    and coupons.id = coupon_uses.coupon_id
  where coupon_uses.customer_id = hold_coupon_extras.customer
    and coupon_uses.checkout_id = hold_coupon_extras.checkout
    and coupon_uses.extra_key is not null;

  if asked is not null then
    select min(answers.reason) into refused from ops.reserve_budgets(asked) as answers;
  end if;
  return refused;
end;
$$;

comment on function ops.hold_coupon_extras(bigint, bigint, timestamptz) is
  'Holds what the uses of a checkout cost beyond what their coupons held; the reason, where there is no room for it.';
