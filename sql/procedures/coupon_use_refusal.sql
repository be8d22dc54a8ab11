create function ops.coupon_use_refusal(coupon app.coupons, template app.coupon_templates, channel text, at timestamptz)
returns text
language sql
stable
begin atomic
  select case
    when coupon.status = 'void' then 'void'
    when coupon.status = 'redeemed' then 'used_already'
    when coupon.status = 'reserved' then 'in_use'
    when coupon.status = 'waiting' then 'pool_empty'
    when coupon.status = 'inactive' then 'not_active_yet'
    when coupon.status = 'issued' and template.distribution <> 'code' then 'not_claimed'
    when coupon.status = 'expired' or coupon.valid_until_at <= at then 'expired'
    when coalesce(coupon.valid_from_at, case when template.validity_kind = 'fixed' then template.valid_from_at end) > at then 'not_started'
    when template.order_channels <> '{}' and coalesce(channel, 'online') <> all (template.order_channels) then 'wrong_channel'
    when template.first_order_only and exists (
      select
      from app.orders
      where orders.customer_id = coupon.customer_id
        and orders.status in ('paid', 'completed')
        and orders.placed_at < at
    ) then 'not_first_order'
    when template.kind = 'gift' and exists (
      select
      from app.products
      where products.id = template.gift_product_id
        and products.stock < template.gift_quantity
    ) then 'out_of_stock'
  end;
end;

comment on function ops.coupon_use_refusal(app.coupons, app.coupon_templates, text, timestamptz) is
  'Why a coupon cannot be used at a moment, whatever is in the basket; null: it can.';
