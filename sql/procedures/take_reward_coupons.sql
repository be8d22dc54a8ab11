create function ops.take_reward_coupons(redemption bigint, why text, at timestamptz)
returns void
language plpgsql
volatile
as $$
declare
  given_by text;
  numbers text[];
begin
  select
    'reward:' || redemptions.reward_id,
    array(select redemption || ':' || series.number from generate_series(1, redemptions.quantity) as series (number))
  into given_by, numbers
  from app.redemptions
  inner join app.rewards
    on rewards.id = redemptions.reward_id
    and rewards.kind = 'coupon'
  where redemptions.id = redemption
    and redemptions.status = 'confirmed';
  if not found then
    return;
  end if;

  if exists (
    select
    from app.fact_keys
    inner join app.coupons
      on coupons.customer_id = fact_keys.customer_id
      and coupons.id = fact_keys.fact_id
      and coupons.status = 'redeemed'
    where fact_keys.source = given_by
      and fact_keys.kind = 'coupon'
      and fact_keys.external_id = any (numbers)
  ) then
    raise exception '兑换的优惠券已使用，不能取消 | The coupon that was redeemed for is used already' using errcode = 'EG409';
  end if;
  perform ops.void_coupons(given_by, numbers, coalesce(why, 'cancelled'), at);
end;
$$;

comment on function ops.take_reward_coupons(bigint, text, timestamptz) is
  'Takes the coupons of a confirmed redemption back that is being cancelled; EG409 where one of them is used already.';
