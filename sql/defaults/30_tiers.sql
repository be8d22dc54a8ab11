-- Tiers by spend in the last 365 days; ten successful referrals are a second way to gold.
insert into app.tiers (
  code, name, name_en, rank, color, basis, window_kind, window_days, enter_at, retain_at, reenter_at,
  criteria, upgrade, validity_kind, validity_months, downgrade, grace_days, grace_until,
  point_multiplier, growth_multiplier, redeem_points, description
)
values
  ('regular', '普通会员', 'Regular', 0, '#8c8c8c', 'spend', 'rolling', 365, 0, 0, 0,
    '[]', 'at_once', 'forever', null, 'none', 0, 'exact',
    1, 1, 100, '注册即为普通会员'),
  ('silver', '银卡会员', 'Silver', 1, '#7f8fa6', 'spend', 'rolling', 365, 1000, 800, 1000,
    '[]', 'at_once', 'months', 12, 'one_step', 30, 'month_end',
    1.2, 1, 100, '近 365 天消费满 1,000 元'),
  ('gold', '金卡会员', 'Gold', 2, '#c9962b', 'spend', 'rolling', 365, 5000, 4000, 5000,
    '[{"basis": "referrals", "window_kind": "rolling", "window_days": 365, "enter_at": "10.00", "retain_at": "5.00", "reenter_at": null}]',
    'at_once', 'months', 12, 'one_step', 30, 'month_end',
    1.5, 1.2, 95, '近 365 天消费满 5,000 元，或成功转介绍 10 人，享专属客服'),
  ('platinum', '白金会员', 'Platinum', 3, '#5b5f97', 'spend', 'rolling', 365, 15000, 12000, 15000,
    '[]', 'at_once', 'months', 12, 'one_step', 60, 'month_end',
    2, 1.5, 90, '近 365 天消费满 15,000 元')
on conflict do nothing;

-- Whoever has been gold or platinum stays at least silver.
update app.tiers
set floor_tier_id = silver.id
from app.tiers as silver
where silver.code = 'silver'
  and tiers.code in ('gold', 'platinum')
  and tiers.floor_tier_id is null;
