-- The customer has the coupon again for as long as was left when it was used: the clock stood still meanwhile. The money comes
-- back, and is asked for anew; where there is none left the coupon is theirs all the same, and the budget is asked when it is used.
create function ops.return_coupon_uses(use_ids bigint[], why text, moments timestamptz[])
returns bigint[]
language plpgsql
volatile
as $$
declare
  moved bigint[];
  keys text[];
  again jsonb;
begin
  with returned as (
    update app.coupon_uses
    set
      status = 'returned',
      over_at = greatest(given.at, coupon_uses.redeemed_at),
      reason = why,
      version = coupon_uses.version + 1
    from unnest(use_ids, moments) as given (id, at)
    where coupon_uses.id = given.id
      and coupon_uses.status = 'redeemed'
    returning coupon_uses.*
  ),

  held as materialized (
    select
      coupons.customer_id,
      coupons.id,
      coupons.shard,
      coupons.budget_id,
      coupons.hold_key,
      coupons.held_amount,
      coupons.cost_kind,
      returned.id as use_id,
      returned.extra_key,
      returned.over_at,
      ops.coupon_terms(coupons.template_id, coupons.issued_at) as terms,
      greatest(coupons.valid_until_at, returned.over_at + (coupons.valid_until_at - returned.redeemed_at)) as valid_until_at
    from returned
    inner join app.coupons
      on coupons.customer_id = returned.customer_id
      and coupons.id = returned.coupon_id
  ),

  changed as (
    update app.coupons
    set
      status = 'claimed',
      redeemed_at = null,
      valid_until_at = held.valid_until_at,
      remind_at = held.valid_until_at - make_interval(hours => (held.terms).remind_hours),
      hold_key = case when held.budget_id is not null and held.held_amount > 0 then held.id || '.' || held.use_id end,
      version = coupons.version + 1
    from held
    where coupons.customer_id = held.customer_id
      and coupons.id = held.id
  )

  select
    coalesce(array_agg(held.use_id order by held.use_id), '{}'),
    array_agg(held.hold_key) filter (where held.hold_key is not null) || array_agg(held.extra_key) filter (where held.extra_key is not null),
    jsonb_agg(
      jsonb_build_object(
        'budget_id', held.budget_id,
        'customer_id', held.customer_id,
        'cost_kind', held.cost_kind,
        'amount', held.held_amount,
        'source_kind', 'coupon',
        'source_key', held.id || '.' || held.use_id,
        'at', held.over_at
      )
      order by held.id
    ) filter (where held.budget_id is not null and held.held_amount > 0)
  into moved, keys, again
  from held;

  if keys is not null then
    perform ops.settle_budget_holds('coupon', keys, 'released', now(), null, true);
  end if;
  if again is not null then
    update app.coupons
    set
      hold_key = null,
      held_amount = 0
    from ops.reserve_budgets(again) as answers
    where not answers.granted
      and coupons.hold_key = answers.source_key
      and coupons.id = split_part(answers.source_key, '.', 1)::bigint;
  end if;
  return moved;
end;
$$;

comment on function ops.return_coupon_uses(bigint[], text, timestamptz[]) is
  'Gives coupons back whose orders were cancelled or came back whole, each at its moment. Returns the uses it gave back.';
