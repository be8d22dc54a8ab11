create view base.tier_states as
select
  tier_states.customer_id as id,
  tier_states.customer_id,
  tier_states.tier_id,
  tier_states.entered_at,
  tier_states.valid_until_at,
  tier_states.grace_until_at,
  tier_states.reviewed_at
from app.tier_states
where tier_states.book_id = 0;

comment on view base.tier_states is
  'Tiers of customers
One row per customer with a fact: the tier they are in, and until when it is valid; empty: for good.';
