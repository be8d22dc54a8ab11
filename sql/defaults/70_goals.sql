-- Targets by stage. Percentages are relative unless they say points.
insert into app.goals (
  stage, name, name_en, metric, segment_id, measure, baseline_rate, direction, target_kind, target_rate, target_rate_max,
  target_value, weight, from_month, to_month, owner_team
)
select
  listed.stage, listed.name, listed.name_en, listed.metric, segments.id, listed.measure, listed.baseline_rate, listed.direction,
  listed.target_kind, listed.target_rate, listed.target_rate_max, listed.target_value, listed.weight, listed.from_month,
  listed.to_month, listed.owner_team
from (
  values
    (1, 'short', '新客 30 天复购率 20% → 35%', 'New-customer 30-day repurchase 20% to 35%', 'new_customer_repurchase_30d', null,
      'rate', 0.2::numeric, 'up', 'absolute', 0.35::numeric, null::numeric, null::numeric, 60, 0, 3, 'operations'),
    (2, 'short', '沉睡客户唤醒率 15%', 'Dormant wake-up rate 15%', 'wake_up_rate', 'dormant',
      'rate', null, 'up', 'absolute', 0.15, null, null, 40, 0, 3, 'operations'),
    (3, 'mid', '活跃客户客单价 +25%', 'Average order value of active customers +25%', 'aov_net', 'active',
      'money', null, 'up', 'relative', 0.25, null, null, 50, 3, 6, 'marketing'),
    (4, 'mid', '等级升级率 +20%', 'Tier upgrade rate +20%', 'tier_upgrade_rate', null,
      'rate', null, 'up', 'relative', 0.2, null, null, 50, 3, 6, 'operations'),
    (5, 'long', 'NPS 提升 10 分', 'NPS +10 points', 'nps', null,
      'number', null, 'up', 'points', null, null, 10, 50, 6, 12, 'service'),
    (6, 'long', 'CLV +40%', 'Customer lifetime value +40%', 'clv_12m', null,
      'money', null, 'up', 'relative', 0.4, null, null, 50, 6, 12, 'management'),
    (7, 'referral', '转介绍新客占比 15–20%', 'Share of referred new customers 15–20%', 'referral_share', null,
      'rate', null, 'up', 'absolute', 0.15, 0.2, null, 30, 0, 3, 'marketing'),
    (8, 'referral', '老客户参与率 30%', 'Referral participation 30%', 'referral_participation', null,
      'rate', null, 'up', 'absolute', 0.3, null, null, 20, 0, 3, 'marketing'),
    (9, 'referral', '首单转化率 40%', 'First-order conversion 40%', 'first_order_conversion', null,
      'rate', null, 'up', 'absolute', 0.4, null, null, 20, 0, 3, 'sales'),
    (10, 'referral', '转介绍客户复购率比普通新客高 10%', 'Repurchase of referred customers 10% above other new ones',
      'referred_repurchase_rate', null, 'rate', null, 'up', 'relative', 0.1, null, null, 20, 0, 3, 'operations'),
    (11, 'referral', '客户证言 100 条', '100 testimonials', 'testimonials', null,
      'number', null, 'up', 'absolute', null, null, 100, 10, 0, 3, 'service'),
    (12, 'programme', '客户流失率 −5%', 'Churn −5%', 'churn_rate', null,
      'rate', null, 'down', 'relative', 0.05, null, null, 50, 0, 12, 'management'),
    (13, 'programme', '客户满意度 +10%', 'CSAT +10%', 'csat', null,
      'rate', null, 'up', 'relative', 0.1, null, null, 50, 0, 12, 'service')
) as listed (
  place, stage, name, name_en, metric, segment, measure, baseline_rate, direction, target_kind, target_rate, target_rate_max,
  target_value, weight, from_month, to_month, owner_team
)
left join base.segments
  on segments.rule_set_code = 'lifecycle'
  and segments.segment_code = listed.segment
order by listed.place
on conflict do nothing;
