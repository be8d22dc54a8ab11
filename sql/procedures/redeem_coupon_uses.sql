-- The accounts of the customers are held.
create function ops.redeem_coupon_uses(use_ids bigint[], moments timestamptz[])
returns bigint[]
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  moved bigint[];
  room jsonb;
begin
  with redeemed as (
    update app.coupon_uses
    set
      status = 'redeemed',
      redeemed_at = given.at,
      redeemed_on = (given.at at time zone zone)::date,
      version = coupon_uses.version + 1
    from unnest(use_ids, moments) as given (id, at)
    where coupon_uses.id = given.id
      and coupon_uses.status = 'reserved'
    returning coupon_uses.*
  ),

  held as materialized (
    select
      coupons.customer_id,
      coupons.id,
      coupons.template_id,
      coupons.shard,
      coupons.held_amount,
      coupons.hold_key,
      redeemed.id as use_id,
      redeemed.redeemed_at,
      redeemed.extra_key,
      redeemed.extra_amount,
      redeemed.cost
    from redeemed
    inner join app.coupons
      on coupons.customer_id = redeemed.customer_id
      and coupons.id = redeemed.coupon_id
  ),

  changed as (
    update app.coupons
    set
      status = 'redeemed',
      redeemed_at = held.redeemed_at,
      reserved_until_at = null,
      remind_at = null,
      held_amount = held.cost,
      version = coupons.version + 1
    from held
    where coupons.customer_id = held.customer_id
      and coupons.id = held.id
  )

  select
    coalesce(array_agg(held.use_id order by held.use_id), '{}'),
    -- What it cost less than was held is there for others; what it cost more was taken with the reservation.
    jsonb_agg(
      jsonb_build_object('template_id', held.template_id, 'shard', held.shard, 'fewer', 0, 'cheaper', held.held_amount + held.extra_amount - held.cost)
    ) filter (where held.shard is not null and held.held_amount + held.extra_amount > held.cost)
  into moved, room
  from held;

  perform ops.settle_budget_holds('coupon', array[coupons.hold_key], 'spent', coupon_uses.redeemed_at, coupon_uses.cost - coupon_uses.extra_amount)
  from app.coupon_uses
  inner join app.coupons
    on coupons.customer_id = coupon_uses.customer_id
    and coupons.id = coupon_uses.coupon_id
  where coupon_uses.id = any (moved)
    and coupons.hold_key is not null;

  perform ops.settle_budget_holds('coupon', extras.keys, 'spent', extras.at)
  from (
    select
      array_agg(coupon_uses.extra_key) as keys,
      max(coupon_uses.redeemed_at) as at
    from app.coupon_uses
    where coupon_uses.id = any (moved)
      and coupon_uses.extra_key is not null
  ) as extras
  where extras.keys is not null;

  if room is not null then
    perform ops.move_coupon_room(room);
  end if;
  return moved;
end;
$$;

comment on function ops.redeem_coupon_uses(bigint[], timestamptz[]) is
  'Reservations are used for good, each at its moment: what they cost is spent, the rest of what was held is free again. Returns those it redeemed.';
