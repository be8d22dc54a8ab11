-- What orders mean for coupons, worked out from the orders as they stand: told late, twice or in another order it comes to the
-- same. The accounts of the customers are held.
create function ops.follow_coupons(customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  if not exists (select from app.coupons) and not exists (select from app.coupon_codes where coupon_codes.status = 'free') then
    return;
  end if;

  -- Reservations learn which order they were for.
  update app.coupon_uses
  set order_id = orders.id
  from app.orders
  where coupon_uses.customer_id = any (follow_coupons.customers)
    and coupon_uses.order_id is null
    and coupon_uses.order_external_id is not null
    and orders.customer_id = coupon_uses.customer_id
    and orders.external_id = coupon_uses.order_external_id
    and orders.source = coupon_uses.order_source;

  perform ops.redeem_by_orders(follow_coupons.customers, at);

  perform ops.return_coupon_uses(array_agg(over.use_id order by over.use_id), 'order_over', array_agg(over.at order by over.use_id))
  from (
    select
      coupon_uses.id as use_id,
      coalesce(back.at, follow_coupons.at) as at
    from app.coupon_uses
    inner join app.orders
      on orders.customer_id = coupon_uses.customer_id
      and orders.id = coupon_uses.order_id
    left join lateral (
      select max(returns.returned_at) as at
      from app.returns
      where returns.customer_id = orders.customer_id
        and returns.order_id = orders.id
    ) as back
      on orders.status <> 'cancelled'
    where coupon_uses.customer_id = any (follow_coupons.customers)
      and coupon_uses.status = 'redeemed'
      and (orders.status = 'cancelled' or (back.at is not null and orders.returned_amount >= orders.amount))
  ) as over
  having count(*) > 0;

  perform ops.activate_coupons(follow_coupons.customers, at);
end;
$$;

comment on function ops.follow_coupons(bigint[], timestamptz) is
  'Follows what happened with the customers: orders redeem the coupons that they name, those cancelled or returned whole give them back, and events activate
those that wait for them.';
