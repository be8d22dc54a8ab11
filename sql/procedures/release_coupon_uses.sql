create function ops.release_coupon_uses(use_ids bigint[], why text, at timestamptz)
returns bigint[]
language plpgsql
volatile
as $$
declare
  moved bigint[];
  room jsonb;
  keys text[];
begin
  with released as (
    update app.coupon_uses
    set
      status = 'cancelled',
      over_at = release_coupon_uses.at,
      reason = why,
      version = coupon_uses.version + 1
    where coupon_uses.id = any (use_ids)
      and coupon_uses.status = 'reserved'
    returning coupon_uses.*
  ),

  free as (
    update app.coupons
    set
      status = 'claimed',
      reserved_until_at = null,
      version = coupons.version + 1
    from released
    where coupons.customer_id = released.customer_id
      and coupons.id = released.coupon_id
      and coupons.status = 'reserved'
    returning coupons.id, coupons.template_id, coupons.shard
  )

  select
    (select coalesce(array_agg(released.id), '{}') from released),
    (
      select jsonb_agg(jsonb_build_object('template_id', free.template_id, 'shard', 0, 'fewer', 0, 'cheaper', released.extra_amount))
        filter (where free.shard is not null and released.extra_amount > 0)
      from released
      inner join free
        on free.id = released.coupon_id
    ),
    (select array_agg(released.extra_key) filter (where released.extra_key is not null) from released)
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

comment on function ops.release_coupon_uses(bigint[], text, timestamptz) is
  'Reservations that come to nothing: their coupons are usable again, as long as they are valid. Returns those it released.';
