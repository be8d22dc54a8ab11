create view base.coupon_refusals as
select
  coupon_refusals.id,
  coupon_refusals.customer_id,
  coupon_refusals.template_id,
  coupon_refusals.coupon_id,
  coupon_refusals.source,
  coupon_refusals.external_id,
  coupon_refusals.asked,
  coupon_refusals.refusal,
  coupon_refusals.asked_at
from app.coupon_refusals;

comment on view base.coupon_refusals is
  'Coupons refused
One row per coupon that was asked for and not given, with the reason.';
