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
