-- A point for every yuan, twice in the month of the birthday; a welcome; growth value for spending. They hold from the
-- beginning of the programme on.
insert into app.earn_rules (code, name, name_en, status, account, trigger, effect, points, per_amount, factor, condition, priority, description)
values
  ('purchase', '消费积分', 'Purchase', 'active', 'points', 'order', 'per_amount', 1, 1, null, null, 100, '每消费 1 元得 1 积分'),
  ('birthday_month', '生日月双倍积分', 'Birthday month', 'active', 'points', 'order', 'multiply', null, null, 2,
    '{"birthday_month": {"eq": true}}', 50, '生日当月消费积分翻倍'),
  ('welcome', '入会礼', 'Welcome', 'active', 'points', 'sign_up', 'fixed', 100, null, null, null, 100, '入会即得 100 积分'),
  ('growth_spend', '消费成长值', 'Growth for spending', 'active', 'growth', 'order', 'per_amount', 1, 1, null, null, 100, '每消费 1 元得 1 成长值')
on conflict do nothing;

insert into app.programme_versions (resource, record_id, effective_from_at, body)
select
  'earn_rules',
  earn_rules.id,
  coalesce(settings.started_on::timestamp at time zone settings.time_zone, now()),
  to_jsonb(earn_rules) - array['description', 'created_at', 'updated_at', 'version', 'extras']
from app.earn_rules
cross join app.settings
where earn_rules.code in ('purchase', 'birthday_month', 'welcome', 'growth_spend')
union all
select
  'points_policies',
  points_policies.id,
  '-infinity',
  to_jsonb(points_policies) - 'version'
from app.points_policies
cross join app.settings;
