create function ops.give_reward_coupons(redemption bigint, at timestamptz)
returns void
language plpgsql
volatile
as $$
declare
  asked record;
  refused text;
begin
  select
    redemptions.customer_id,
    redemptions.quantity,
    rewards.id as reward_id,
    rewards.name,
    rewards.name_en,
    rewards.cost_kind,
    rewards.coupon_template_id
  into asked
  from app.redemptions
  inner join app.rewards
    on rewards.id = redemptions.reward_id
    and rewards.kind = 'coupon'
  where redemptions.id = redemption
    and redemptions.status = 'confirmed';
  if not found then
    return;
  end if;

  select min(given.refusal)
  into refused
  from ops.issue_coupons(
    asked.coupon_template_id,
    array_fill(asked.customer_id, array[asked.quantity]),
    'reward:' || asked.reward_id,
    array(select redemption || ':' || numbers.number from generate_series(1, asked.quantity) as numbers (number)),
    at,
    jsonb_build_object('cost_kind', asked.cost_kind)
  ) as given;

  if refused is not null then
    raise exception '“%”的优惠券暂不能发放 | The coupon of “%” cannot be given now', asked.name, asked.name_en
      using errcode = 'EG422', column = 'reward', detail = refused;
  end if;

  -- The coupon is in their account: nobody has to hand anything over.
  update app.redemptions
  set handed_over_at = at
  where redemptions.customer_id = asked.customer_id
    and redemptions.id = redemption;
  perform ops.spend_budget('reward', redemption::text, null, at);
end;
$$;

comment on function ops.give_reward_coupons(bigint, timestamptz) is
  'Gives the coupons that were redeemed for points, once; EG422 with the reason as detail where they cannot be given, so that the points stay.';
