-- The account is locked and up to date (ops.engine_begin locks it): nobody else can spend the same points meanwhile.
create function ops.reserve_points(customer bigint, asked jsonb, at_time timestamptz)
returns jsonb
language plpgsql
volatile
as $$
declare
  known app.fact_keys;
  new_id bigint := nextval('app.redemptions_id_seq');
  left_points bigint;
  minutes integer := (select points_policies.reserve_minutes from app.points_policies);
  wanted bigint;
  refused text;
  reward app.rewards;
  pieces constant integer := coalesce((asked ->> 'quantity')::integer, 1);
  confirmed constant boolean := coalesce((asked ->> 'confirm')::boolean, false);
begin
  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
  values (asked ->> 'source', 'redemption', asked ->> 'external_id', customer, new_id)
  on conflict (source, kind, external_id) do nothing;

  if not found then
    select * into strict known
    from app.fact_keys
    where fact_keys.source = asked ->> 'source'
      and fact_keys.kind = 'redemption'
      and fact_keys.external_id = asked ->> 'external_id';
    return (
      select jsonb_build_object(
        'answer', 'replayed',
        'id', redemptions.id,
        'differs', redemptions.customer_id <> customer
          or coalesce(redemptions.points <> (asked ->> 'points')::bigint, false)
          or (asked ->> 'reward' is not null and (rewards.code, redemptions.quantity) is distinct from (asked ->> 'reward', pieces))
      )
      from app.redemptions
      left join app.rewards
        on rewards.id = redemptions.reward_id
      where redemptions.customer_id = known.customer_id
        and redemptions.id = known.fact_id
    );
  end if;

  if asked ->> 'reward' is not null then
    select * into reward from app.rewards where rewards.code = asked ->> 'reward';
    if not found then
      raise exception '没有编码为“%”的兑换商品 | There is no reward with the code “%”', asked ->> 'reward', asked ->> 'reward'
        using errcode = 'EG422', column = 'reward', detail = 'reward_unknown';
    end if;
    perform ops.check_reward(customer, reward, pieces, at_time);
  end if;

  -- Whoever is in no tier yet pays as in the lowest.
  select
    coalesce(
      (asked ->> 'points')::bigint,
      ops.reward_price(reward.id, customer) * pieces,
      ceil((asked ->> 'amount')::numeric * tiers.redeem_points)::bigint
    )
  into wanted
  from (select) as always
  left join lateral (
    select tiers.redeem_points
    from app.tiers
    left join app.tier_states
      on tier_states.book_id = 0
      and tier_states.customer_id = customer
      and tier_states.tier_id = tiers.id
    order by
      tier_states.tier_id is null,
      tiers.rank
    limit 1
  ) as tiers
    on true;

  if wanted is null then
    raise exception '尚未设置会员等级，无法按金额兑换 | There are no tiers yet that say what points are worth'
      using errcode = 'EG422', column = 'amount';
  end if;

  select greatest(points_accounts.available - points_accounts.debt, 0)
  into left_points
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id = customer;

  if coalesce(left_points, 0) < wanted then
    raise exception '可用积分不足，还有 % | Not enough points: % left', coalesce(left_points, 0), coalesce(left_points, 0)
      using
        errcode = 'EG422',
        column = case when reward.id is not null then 'reward' when asked ->> 'points' is null then 'amount' else 'points' end,
        detail = 'points_short';
  end if;

  if reward.budget_id is not null and reward.unit_cost > 0 then
    select budget.reason
    into refused
    from ops.reserve_budget(
      reward.budget_id, customer, reward.cost_kind, reward.unit_cost * pieces, 'reward', new_id::text, at_time
    ) as budget;
    if refused is not null then
      raise exception '预算不足或不可用，暂不能兑换“%” | There is no budget for “%” now', reward.name, reward.name_en
        using errcode = 'EG422', column = 'reward', detail = refused;
    end if;
    if confirmed then
      perform ops.commit_budget('reward', new_id::text, at_time);
    end if;
  end if;

  if reward.id is not null then
    perform ops.take_reward(reward, pieces, confirmed);
  end if;

  insert into app.redemptions (
    customer_id, id, source, external_id, points, purpose, status, reserved_at, reserved_until_at, confirmed_at,
    reward_id, quantity, partner_account, partner_units, settlement_amount, due_at
  )
  values (
    customer,
    new_id,
    asked ->> 'source',
    asked ->> 'external_id',
    wanted,
    coalesce(asked ->> 'purpose', reward.name),
    case when confirmed then 'confirmed' else 'reserved' end,
    at_time,
    case when not confirmed then at_time + make_interval(mins => minutes) end,
    case when confirmed then at_time end,
    reward.id,
    pieces,
    asked ->> 'partner_account',
    reward.partner_units::bigint * pieces,
    round(reward.settlement_price * reward.partner_units * pieces, 2),
    case when confirmed then at_time + make_interval(hours => reward.handle_hours) end
  );

  if reward.kind = 'coupon' and confirmed then
    perform ops.give_reward_coupons(new_id, at_time);
  end if;

  return jsonb_build_object('answer', 'accepted', 'id', new_id);
end;
$$;

comment on function ops.reserve_points(bigint, jsonb, timestamptz) is
  'Accepts a redemption once by (source, external_id) when the balance covers it; EG422 otherwise, with the reason as detail. asked: source,
external_id, points or amount (of money, at the rate of the customer''s tier) or reward (its code) and quantity, purpose, confirm,
partner_account. Returns answer accepted or replayed, and its id.';
