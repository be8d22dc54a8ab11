-- The standing campaigns of the programme: benefit day, theme months, newcomers, benefit card, win-back, birthdays, referral.
insert into app.campaigns (
  code, name, name_en, status, theme, form, content, goal_metric, goal_rate, segments, starts_on, ends_on,
  repeat, repeat_weekdays, channels, contacts, coupons, benefit_packages, point_multiplier, offer_note, owner_team
)
select
  listed.code, listed.name, listed.name_en, 'running', listed.theme, listed.form, listed.content, listed.goal_metric, listed.goal_rate,
  array(
    select segments.id
    from base.segments
    where segments.rule_set_code = 'lifecycle'
      and segments.segment_code = listed.segment
  ),
  listed.starts_on, listed.ends_on, listed.repeat, listed.repeat_weekdays, listed.channels, listed.contacts,
  array(
    select coupon_templates.id
    from app.coupon_templates
    where coupon_templates.code = any (listed.coupons)
    order by array_position(listed.coupons, coupon_templates.code)
  ),
  array(
    select benefit_packages.id
    from app.benefit_packages
    where benefit_packages.code = listed.package
  ),
  listed.point_multiplier, listed.offer_note, listed.owner_team
from (
  values
    ('newcomer_day', '每月新人福利日', 'Monthly newcomer day', '新朋友，欢迎回家', 'benefit_day',
      '每月 10 日，新客专享礼券与首单礼遇', 'new_customer_repurchase_30d', 0.35::numeric, 'new',
      '2026-01-10'::date, null::date, 'month', '{}'::text[], '{in_site,sms,push}'::text[], 1,
      '{newcomer_gift}'::text[], null, null::numeric, '新人礼 满99减20', 'operations'),
    ('theme_month', '季度主题月 · 生活家', 'Quarterly theme month', '生活家', 'theme',
      '每季度首月围绕一个生活主题：主题赛事、互动与专题好物；获奖者授予“年度VIP体验官”', 'participation_rate', 0.3, null,
      '2026-01-01', '2026-01-31', 'quarter', '{}', '{in_site,push,community}', 1,
      '{}', null, null, null, 'marketing'),
    ('newcomer_growth', '新手成长计划', 'Newcomer growth plan', '三步成为老朋友', 'growth',
      '首单后 3 天内再次下单得复购券；邀请 2 位好友注册各得邀请券', 'new_customer_repurchase_30d', 0.35, 'new',
      '2026-01-01', '2026-12-31', 'year', '{}', '{in_site,push}', 1,
      '{newcomer_second_50,newcomer_invite_20}', null, null, '复购券 50 元；每邀请一位 20 元', 'operations'),
    ('quarter_card', '季度权益卡', 'Quarterly benefit card', '十项权益，用得上', 'benefit_card',
      '每季度首日向活跃客户发放季度权益卡，用后记录，到期前提醒', 'benefit_utilisation', 0.6, 'active',
      '2026-01-01', null, 'quarter', '{}', '{in_site,push}', 1,
      '{}', 'quarter_card', null, '十项权益', 'operations'),
    ('dormant_gift', '时光礼馈', 'Time gift for dormant customers', '好久不见，为你留着', 'win_back',
      '每月向沉睡客户发放满 200 减 80 券，3 天有效，内容按其以往品类推荐；高价值客户改为人工一对一联系', 'wake_up_rate', 0.15, 'dormant',
      '2026-01-05', '2026-01-07', 'month', '{}', '{sms,push,community}', 2,
      '{dormant_200_80}', null, null, '为你预留的专属福利，3天后失效', 'operations'),
    ('birthday_care', '生日关怀', 'Birthday care', '生日快乐', 'care',
      '生日当月双倍积分与生日礼', 'retention_rate', 0.6, null,
      '2026-01-01', '2026-12-31', 'year', '{}', '{in_site,sms}', 1,
      '{}', null, 2, '生日当月双倍积分', 'service'),
    ('community_day', '社群新人福利日', 'Community newcomer day', '每周三，群里见', 'community',
      '每周三在成长社群发放新人福利，解答使用问题', 'participation_rate', 0.2, 'new',
      '2026-01-07', null, 'week', '{3}', '{community}', 1,
      '{}', null, null, null, 'service'),
    ('referral', '老带新 · 推荐有礼', 'Referral', '好东西，分享给朋友', 'referral',
      '推荐 1、3、5、10 位新客逐级有礼；新客首单立减', 'referral_share', 0.15, null,
      '2026-01-01', '2026-12-31', 'year', '{}', '{in_site,push,wecom}', 1,
      '{referral_100}', null, null, '推荐人 100 元无门槛券；好友首单立减 50 元', 'marketing')
) as listed (
  code, name, name_en, theme, form, content, goal_metric, goal_rate, segment, starts_on, ends_on, repeat, repeat_weekdays,
  channels, contacts, coupons, package, point_multiplier, offer_note, owner_team
)
on conflict (code) do nothing;
