create view base.tier_stays as
select
  tier_stays.id,
  tier_stays.customer_id,
  tier_stays.tier_id,
  tier_stays.entered_at,
  tier_stays.left_at,
  tier_stays.reason,
  tier_stays.fact_kind,
  tier_stays.fact_id
from app.tier_stays
where tier_stays.book_id = 0;

comment on view base.tier_stays is
  'Stays in tiers
One row per customer and uninterrupted stay in a tier, as all known facts lead to it; left_at empty: still there.';
