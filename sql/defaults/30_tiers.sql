insert into app.tiers (
  code, name, name_en, rank, color, basis, window_kind, window_days,
  enter_at, retain_at, reenter_at, point_multiplier, grace_days, downgrade, description
)
values
  ('regular', '普通会员', 'Regular', 0, '#8c8c8c', 'spend', 'rolling', 365, 0, 0, 0, 1, 0, 'none', '注册即为普通会员'),
  ('silver', '银卡会员', 'Silver', 1, '#7f8fa6', 'spend', 'rolling', 365, 1000, 800, 1000, 1.2, 30, 'one_step',
    '近 365 天消费满 1,000 元'),
  ('gold', '金卡会员', 'Gold', 2, '#c9962b', 'spend', 'rolling', 365, 5000, 4000, 5000, 1.5, 30, 'one_step',
    '近 365 天消费满 5,000 元，享专属客服'),
  ('platinum', '白金会员', 'Platinum', 3, '#5b5f97', 'spend', 'rolling', 365, 15000, 12000, 15000, 2, 60, 'one_step',
    '近 365 天消费满 15,000 元')
on conflict do nothing;
