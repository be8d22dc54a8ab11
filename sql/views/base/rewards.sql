create view base.rewards as

select
  rewards.id,
  rewards.code,
  rewards.name,
  rewards.name_en,
  rewards.kind,
  rewards.status,
  rewards.points,
  rewards.product_id,
  rewards.coupon_template_id,
  rewards.benefit_id,
  rewards.partner,
  rewards.partner_unit,
  rewards.partner_units,
  rewards.settlement_price,
  rewards.stock,
  rewards.reserved,
  rewards.taken,
  rewards.max_quantity,
  rewards.customer_limit,
  rewards.limit_period,
  rewards.tiers,
  rewards.segments,
  rewards.starts_at,
  rewards.ends_at,
  rewards.unit_cost,
  rewards.budget_id,
  rewards.cost_kind,
  rewards.handle_hours,
  rewards.description,
  rewards.extras,
  rewards.version,
  rewards.created_at,
  rewards.updated_at,
  case
    when rewards.stock is not null then rewards.stock - rewards.reserved - rewards.taken
    when rewards.kind = 'goods' then products.stock
  end as left_count
from app.rewards
left join app.products
  on products.id = rewards.product_id;

comment on view base.rewards is
  'Rewards
One row per reward. left_count: how many can still be redeemed; empty without end.';
