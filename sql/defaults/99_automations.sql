-- What reaches customers by itself: newcomers, the quarterly card, the win-back, birthdays; and the community that newcomers come into.
-- Drafts until somebody launches them.
insert into app.message_templates (
  code, name, name_en, category, status, channels, in_site_subject, in_site_body, in_site_subject_en, in_site_body_en,
  push_subject, push_body, push_subject_en, push_body_en, sms_body, sms_body_en, community_body, community_body_en
)
values
  ('newcomer_welcome', '新人欢迎', 'Welcome', 'marketing', 'active', '{in_site,push}',
    '欢迎，{{name|新朋友}}', '感谢您的首单。3 天内再次下单可得 50 元复购券，邀请 2 位好友注册各得 20 元券，进度可在“任务”中查看。',
    'Welcome, {{name|friend}}', 'Thank you for your first order. Order again within 3 days for a coupon of 50, and invite 2 friends for 20 each.',
    '欢迎加入', '3 天内再次下单，得 50 元复购券', 'Welcome', 'Order again within 3 days for a coupon of 50', null, null, null, null),
  ('newcomer_remind', '新人复购提醒', 'Second order', 'marketing', 'active', '{in_site,sms}',
    '为您留了一份新人心意', '您常看的{{category|好物}}有新品到店，欢迎再来看看。',
    'Something for you', 'There is news in {{category|our shop}}: come and have a look.',
    null, null, null, null, '{{name|您好}}，您常看的{{category|好物}}有新品到店，欢迎再来看看。退订回T',
    'Hello {{name|there}}, there is news in {{category|our shop}}. Reply T to opt out.', null, null),
  ('quarter_card_ready', '季度权益卡到账', 'Quarterly card', 'marketing', 'active', '{in_site,push}',
    '您的季度权益卡已到账', '本季度 10 项权益已放入您的账户：生日月双倍积分、每月一次免费换货、新品优先购等，记得使用。',
    'Your quarterly card is here', 'Ten benefits for this quarter: double points in your birthday month, a free exchange each month, new products first, and more.',
    '季度权益卡已到账', '10 项权益等您使用', 'Your quarterly card', 'Ten benefits are waiting for you', null, null, null, null),
  ('winback_gift', '时光礼馈', 'Time gift', 'marketing', 'active', '{sms,push,community}',
    null, null, null, null,
    '好久不见，为你留着', '为你预留的专属福利，3天后失效：满200减80', 'We kept this for you', 'Your own offer ends in 3 days: 80 off 200',
    '{{name|您好}}，为你预留的专属福利，3天后失效：满200减80，{{category|好物}}上新。退订回T',
    'Hello {{name|there}}, your own offer ends in 3 days: 80 off 200, also on {{category|new arrivals}}. Reply T to opt out.',
    '好久不见的朋友：您的账户里有一张满200减80的时光礼券，3天后失效。', 'Friends we have missed: there is a coupon of 80 off 200 in your account, for 3 days.'),
  ('birthday_wish', '生日祝福', 'Birthday', 'marketing', 'active', '{in_site,sms}',
    '生日快乐，{{name|朋友}}', '生日礼与本月双倍积分已为您准备好，祝您天天开心。',
    'Happy birthday, {{name|friend}}', 'Your birthday gift and double points for the month are ready.',
    null, null, null, null, '{{name|您好}}，生日快乐！生日礼与双倍积分已为您准备好。退订回T',
    'Happy birthday, {{name|friend}}! Your gift and double points are ready. Reply T to opt out.', null, null),
  ('community_tip', '社群每日小贴士', 'Daily tip', 'marketing', 'active', '{community}',
    null, null, null, null, null, null, null, null, null, null,
    '今日小贴士：好物用得久，一半在保养。想了解哪一件的保养方法，直接在群里问。', 'Tip of the day: half of a long life is care. Ask here about anything you own.'),
  ('community_newcomer_day', '社群新人福利日', 'Newcomer day', 'marketing', 'active', '{community}',
    null, null, null, null, null, null, null, null, null, null,
    '周三新人福利日：本周入会的朋友凭新人礼满99减20，使用问题群里解答。', 'Newcomer day: 20 off 99 for everybody who joined this week. Ask your questions here.')
on conflict (code) do nothing;

select ops.guard_message_templates(message_templates.id, 0, null, to_jsonb(message_templates))
from app.message_templates
where message_templates.code in (
    'newcomer_welcome', 'newcomer_remind', 'quarter_card_ready', 'winback_gift', 'birthday_wish', 'community_tip', 'community_newcomer_day'
  )
  and not exists (
    select
    from app.message_template_versions
    where message_template_versions.template_id = message_templates.id
  );

insert into app.communities (code, name, name_en, channel, purpose, joining)
values
  ('growth', '成长社群', 'Newcomers'' community', 'wecom', '陪新客走过前三个月：每天一条使用小贴士，每周三新人福利日，问题群里解答', 'first_order'),
  ('old_friends', '老友社群', 'Old friends', 'wecom', '许久未购买的老朋友：专属福利与新品预告', 'manual')
on conflict (code) do nothing;

insert into app.community_plans (community_id, position, title, template_id, starts_on, at_time, repeat, repeat_weekdays)
select
  communities.id,
  listed.position,
  listed.title,
  message_templates.id,
  listed.starts_on,
  listed.at_time,
  listed.repeat,
  listed.weekdays
from (
  values
    (0, '每日小贴士', 'community_tip', '2026-01-01'::date, '10:00', 'day', '{}'::text[]),
    (1, '周三新人福利日', 'community_newcomer_day', '2026-01-07', '12:00', 'week', '{3}')
) as listed (position, title, template, starts_on, at_time, repeat, weekdays)
inner join app.communities
  on communities.code = 'growth'
inner join app.message_templates
  on message_templates.code = listed.template
where not exists (select from app.community_plans where community_plans.community_id = communities.id);

insert into app.automations (
  code, name, name_en, description, trigger, trigger_segments, include_present, trigger_fact, days_before, reentry, reentry_days,
  holdout_rate, exits, goal_days, campaign_id, steps
)
select
  listed.code,
  listed.name,
  listed.name_en,
  listed.description,
  listed.trigger,
  array(
    select segments.id
    from base.segments
    where segments.rule_set_code = 'lifecycle'
      and segments.segment_code = listed.segment
  ),
  listed.include_present,
  listed.fact,
  listed.days_before,
  listed.reentry,
  listed.reentry_days,
  listed.holdout_rate,
  listed.exits,
  listed.goal_days,
  campaigns.id,
  (
    -- What they give is named by its code here.
    select jsonb_agg(
      (steps.step - array['coupon', 'message', 'package', 'community'])
      || jsonb_strip_nulls(jsonb_build_object(
        'coupon_template_id', (select coupon_templates.id from app.coupon_templates where coupon_templates.code = steps.step ->> 'coupon'),
        'message_template_id', (select message_templates.id from app.message_templates where message_templates.code = steps.step ->> 'message'),
        'package_id', (select benefit_packages.id from app.benefit_packages where benefit_packages.code = steps.step ->> 'package'),
        'community_id', (select communities.id from app.communities where communities.code = steps.step ->> 'community')
      ))
      order by steps.place
    )
    from jsonb_array_elements(listed.steps::jsonb) with ordinality as steps (step, place)
  )
from (
  values
    ('newcomer_plan', '新手成长计划', 'Newcomer plan', '首单后欢迎，三天未复购提醒，再一周仍未复购则结束',
      'fact', null, false, 'first_order', 0, 'once', null::integer, 0.1, '{}'::text[], 30, 'newcomer_growth', '[
        {"code": "welcome", "name": "欢迎消息", "name_en": "Welcome", "kind": "message", "message": "newcomer_welcome"},
        {"code": "three_days", "name": "等 3 天", "name_en": "Wait 3 days", "kind": "wait", "wait_kind": "hours", "wait_hours": 72},
        {"code": "again", "name": "是否已复购", "name_en": "Second order?", "kind": "condition", "asks": "ordered", "yes_step": "tag"},
        {"code": "remind", "name": "复购提醒", "name_en": "Reminder", "kind": "message", "message": "newcomer_remind"},
        {"code": "week", "name": "再等 7 天", "name_en": "Wait 7 days", "kind": "wait", "wait_kind": "days", "wait_days": 7},
        {"code": "later", "name": "是否已复购", "name_en": "Second order?", "kind": "condition", "asks": "ordered", "no_step": "end"},
        {"code": "tag", "name": "标记已复购", "name_en": "Tag them", "kind": "add_tag", "tag": "新客已复购"}
      ]'),
    ('quarter_card', '季度权益卡', 'Quarterly card for Active', '进入活跃客群即发当季权益卡并告知',
      'segment_enter', 'active', true, null, 0, 'after_days', 80, 0, '{}', 90, 'quarter_card', '[
        {"code": "card", "name": "发季度权益卡", "name_en": "Grant the card", "kind": "package", "package": "quarter_card"},
        {"code": "morning", "name": "等到上午 10 点", "name_en": "Until ten", "kind": "wait", "wait_kind": "time", "wait_time": "10:00"},
        {"code": "tell", "name": "告知到账", "name_en": "Tell them", "kind": "message", "message": "quarter_card_ready"}
      ]'),
    ('win_back', '时光礼馈', 'Time gift for Dormant', '进入沉睡客群发满200减80券（72小时），短信、推送与社群告知；高价值客户改为人工一对一联系',
      'segment_enter', 'dormant', true, null, 0, 'after_days', 90, 0.1, '{order}', 30, 'dormant_gift', '[
        {"code": "coupon", "name": "发时光礼券", "name_en": "Give the coupon", "kind": "coupon", "coupon": "dormant_200_80"},
        {"code": "high_value", "name": "是否高价值客户", "name_en": "High value?", "kind": "condition", "asks": "customer",
          "condition": {"net_amount": {"gte": 6000}}, "yes_step": "call", "no_step": "gift"},
        {"code": "gift", "name": "短信与推送", "name_en": "SMS and push", "kind": "message", "message": "winback_gift"},
        {"code": "post", "name": "社群告知", "name_en": "Tell the community", "kind": "community", "community": "old_friends",
          "message": "winback_gift", "next_step": "three_days"},
        {"code": "call", "name": "一对一联系", "name_en": "One to one", "kind": "contact", "title": "沉睡高价值客户一对一回访",
          "note": "为你预留的专属福利，3天后失效：满200减80；了解近况与未再购买的原因", "owner_role": "customer_service", "handle_hours": 24},
        {"code": "three_days", "name": "等 72 小时", "name_en": "Wait 72 hours", "kind": "wait", "wait_kind": "hours", "wait_hours": 72},
        {"code": "used", "name": "券是否已用", "name_en": "Coupon used?", "kind": "condition", "asks": "coupon_used", "no_step": "end"},
        {"code": "awake", "name": "标记已唤醒", "name_en": "Tag them", "kind": "add_tag", "tag": "已唤醒"}
      ]'),
    ('birthday_care', '生日关怀', 'Birthday care', '生日前 3 天祝福，发生日礼券',
      'birthday', null, false, null, 3, 'after_days', 300, 0.1, '{}', 30, 'birthday_care', '[
        {"code": "gift", "name": "发生日礼", "name_en": "Birthday gift", "kind": "coupon", "coupon": "birthday_gift"},
        {"code": "morning", "name": "等到上午 9 点", "name_en": "Until nine", "kind": "wait", "wait_kind": "time", "wait_time": "09:00"},
        {"code": "wish", "name": "生日祝福", "name_en": "Wish", "kind": "message", "message": "birthday_wish"}
      ]')
) as listed (
  code, name, name_en, description, trigger, segment, include_present, fact, days_before, reentry, reentry_days, holdout_rate, exits,
  goal_days, campaign, steps
)
left join app.campaigns
  on campaigns.code = listed.campaign
on conflict (code) do nothing;

select ops.keep_automation_version(automations.id, 0, '-infinity')
from app.automations
where automations.code in ('newcomer_plan', 'quarter_card', 'win_back', 'birthday_care')
  and not exists (
    select
    from app.programme_versions
    where programme_versions.resource = 'automations'
      and programme_versions.record_id = automations.id
  );
