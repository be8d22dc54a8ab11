-- The accounts of the customers are held. What was redeemed stays redeemed.
create function ops.withdraw_coupons(coupon_ids bigint[], to_status text, why text, at timestamptz)
returns bigint[]
language plpgsql
volatile
as $$
declare
  moved bigint[];
  room jsonb;
  keys text[];
begin
  perform ops.release_coupon_uses(array(
    select coupon_uses.id
    from app.coupons
    inner join app.coupon_uses
      on coupon_uses.customer_id = coupons.customer_id
      and coupon_uses.coupon_id = coupons.id
      and coupon_uses.status = 'reserved'
    where coupons.id = any (coupon_ids)
      and coupons.status = 'reserved'
  ), why, at);

  with held as materialized (
    select coupons.*
    from app.coupons
    where coupons.id = any (coupon_ids)
      and coupons.status in ('issued', 'waiting', 'inactive', 'claimed', 'reserved')
    order by coupons.id
    for update
  ),

  changed as (
    update app.coupons
    set
      status = to_status,
      -- Also when it is noticed later.
      ended_at = case to_status when 'expired' then least(at, held.valid_until_at, held.claim_until_at) else at end,
      reason = why,
      held_amount = 0,
      hold_key = null,
      reserved_until_at = null,
      remind_at = null,
      version = held.version + 1
    from held
    where coupons.customer_id = held.customer_id
      and coupons.id = held.id
    returning coupons.id
  ),

  burnt as (
    update app.coupon_codes
    set
      status = 'withdrawn',
      updated_at = now(),
      version = coupon_codes.version + 1
    from held
    where to_status = 'void'
      and coupon_codes.coupon_id = held.id
  )

  select
    (select coalesce(array_agg(changed.id), '{}') from changed),
    (
      select jsonb_agg(
        jsonb_build_object(
          'template_id', held.template_id,
          'shard', held.shard,
          'fewer', case when to_status = 'void' then 1 else 0 end,
          'cheaper', held.held_amount
        )
      ) filter (where held.shard is not null)
      from held
    ),
    (select array_agg(held.hold_key) filter (where held.hold_key is not null) from held)
  into moved, room, keys;

  if room is not null then
    perform ops.move_coupon_room(room);
  end if;
  if keys is not null then
    perform ops.settle_budget_holds('coupon', keys, 'released', at);
  end if;
  return moved;
end;
$$;

comment on function ops.withdraw_coupons(bigint[], text, text, timestamptz) is
  'Ends coupons that were not redeemed, as void (never to have been given: their places are free again) or expired, and gives the money held for them back. Returns those it ended.';
