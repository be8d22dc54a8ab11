create view base.coupon_uses as
select
  coupon_uses.id,
  coupon_uses.customer_id,
  coupon_uses.checkout_id,
  coupon_uses.source,
  coupon_uses.external_id,
  coupon_uses.coupon_id,
  coupon_uses.template_id,
  coupon_uses.place,
  coupon_uses.status,
  coupon_uses.channel,
  coupon_uses.goods_amount,
  coupon_uses.discount_amount,
  coupon_uses.gift_name,
  coupon_uses.gift_quantity,
  coupon_uses.free_shipping,
  coupon_uses.cost,
  coupon_uses.order_external_id,
  coupon_uses.order_id,
  coupon_uses.used_at,
  coupon_uses.used_on,
  coupon_uses.reserved_until_at,
  coupon_uses.redeemed_at,
  coupon_uses.redeemed_on,
  coupon_uses.over_at,
  coupon_uses.reason,
  coupon_uses.version
from app.coupon_uses;

comment on view base.coupon_uses is
  'Uses of coupons
One row per coupon and order that asked for it.';
