create view base.coupons as
select
  coupons.id,
  coupons.customer_id,
  coalesce(coupons.code, 'C' || coupons.id) as number,
  coupons.template_id,
  coupons.status,
  coupons.code,
  -- What gave it: a part of the programme, or a shop by its own source.
  case
    when split_part(coupons.source, ':', 1) in ('task', 'automation', 'reward', 'benefit', 'console')
      then split_part(coupons.source, ':', 1)
    else 'shop'
  end as given_by,
  coupons.source,
  coupons.external_id,
  coupons.issued_at,
  coupons.issued_on,
  coupons.claim_until_at,
  coupons.claimed_at,
  coupons.claimed_on,
  coupons.activate_until_at,
  coupons.activated_at,
  coupons.valid_from_at,
  coupons.valid_until_at,
  coupons.reserved_until_at,
  coupons.redeemed_at,
  coupons.ended_at,
  coupons.campaign_id,
  coupons.budget_id,
  coupons.held_amount,
  coupons.note,
  coupons.reason,
  coupons.version
from app.coupons;

comment on view base.coupons is
  'Coupons of customers
One row per coupon. number: its code, or C and its id where it has none; shops may name it by that.';
