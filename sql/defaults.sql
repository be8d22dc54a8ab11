-- The default programme: applied once to every new database, from then on data that staff change on screens.
-- Kept apart from the demo, which adds people and their purchases.

insert into app.segment_rule_sets (code, name, name_en)
values ('lifecycle', '生命周期分群', 'Lifecycle')
on conflict (code) do nothing;

-- New: R <= 7, F = 1, M < mean. Active: R <= 30, F >= 2, M >= mean. Dormant: R > 60, F >= 1, M >= mean. Everyone else: other.
insert into app.segment_rule_set_versions (rule_set_id, number, state, effective_from, rules, note, published_at)
select
  segment_rule_sets.id,
  1,
  'published',
  '2000-01-01',
  '[
    {"code": "new", "name": "新客", "name_en": "New", "condition": {"and": [
      {"recency_days": {"lte": 7}},
      {"order_count": {"eq": 1}},
      {"net_amount": {"lt": {"$field": "mean_net_amount"}}}
    ]}},
    {"code": "active", "name": "活跃", "name_en": "Active", "condition": {"and": [
      {"recency_days": {"lte": 30}},
      {"order_count": {"gte": 2}},
      {"net_amount": {"gte": {"$field": "mean_net_amount"}}}
    ]}},
    {"code": "dormant", "name": "沉睡", "name_en": "Dormant", "condition": {"and": [
      {"recency_days": {"gt": 60}},
      {"order_count": {"gte": 1}},
      {"net_amount": {"gte": {"$field": "mean_net_amount"}}}
    ]}}
  ]',
  '系统默认规则',
  now()
from app.segment_rule_sets
where segment_rule_sets.code = 'lifecycle'
on conflict (rule_set_id, number) do nothing;

insert into app.rfm_groups (
  position, code, name, name_en,
  recency_min, recency_max, frequency_min, frequency_max, monetary_min, monetary_max
)
values
  (10, 'champions', '核心价值客户', 'Champions', 5, 5, 5, 5, 5, 5),
  (20, 'potential_loyalist', '潜力忠诚客户', 'Potential Loyalist', 3, 5, 3, 5, 2, 5),
  (30, 'loyal_customers', '忠诚客户', 'Loyal Customers', 2, 4, 2, 4, 2, 4),
  (40, 'promising', '潜力客户', 'Promising', 3, 4, 1, 3, 3, 5),
  (50, 'new_customers', '新客户', 'New Customers', 4, 5, 1, 3, 1, 5),
  (60, 'cant_lose', '重点挽留客户', 'Can''t Lose Them', 1, 2, 3, 4, 4, 5),
  (70, 'at_risk', '流失风险客户', 'At Risk', 1, 2, 2, 5, 4, 5),
  (80, 'need_attention', '需关注客户', 'Need Attention', 1, 3, 3, 5, 3, 5),
  (90, 'about_to_sleep', '即将沉睡客户', 'About To Sleep', 2, 3, 1, 3, 1, 4),
  (100, 'lost', '流失客户', 'Lost', 1, 1, 1, 5, 1, 5)
on conflict do nothing;

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
