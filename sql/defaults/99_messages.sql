-- What reminds of points, benefits and coupons, and the messages of the default plan: welcome, birthday, win-back.
insert into app.message_templates (
  code, name, name_en, category, status, channels,
  in_site_subject, in_site_body, in_site_subject_en, in_site_body_en,
  email_subject, email_body, email_subject_en, email_body_en,
  sms_body, sms_body_en, push_subject, push_body, push_subject_en, push_body_en, description
)
values
  (
    'points_reminder', '积分到期提醒', 'Points expire', 'service', 'active', '{in_site,sms,email}',
    '{{expiring_points}} 积分即将到期', '您有 {{expiring_points}} 积分将于 {{last_on}} 到期，请及时使用。',
    '{{expiring_points}} points expire soon', '{{expiring_points}} of your points can be used until {{last_on}}.',
    '{{expiring_points}} 积分即将到期', E'{{name|您}}好：\n\n您有 {{expiring_points}} 积分将于 {{last_on}} 到期，请及时使用。\n\n{{programme}}',
    '{{expiring_points}} points expire soon', E'Hello {{name|there}},\n\n{{expiring_points}} of your points can be used until {{last_on}}.\n\n{{programme}}',
    '【{{programme}}】您有 {{expiring_points}} 积分将于 {{last_on}} 到期，请及时使用。',
    '{{programme}}: {{expiring_points}} of your points expire on {{last_on}}.',
    null, null, null, null, '积分到期前 30、7、1 天'
  ),
  (
    'benefit_reminder', '权益到期提醒', 'Benefits run out', 'service', 'active', '{in_site,sms,email,push}',
    '“{{benefit}}”即将到期', '您还有 {{left_uses}} 次“{{benefit}}”未使用，{{last_on}} 后失效。',
    '“{{benefit_en}}” ends soon', '{{left_uses}} uses of “{{benefit_en}}” are left until {{last_on}}.',
    '“{{benefit}}”即将到期', E'{{name|您}}好：\n\n您还有 {{left_uses}} 次“{{benefit}}”未使用，{{last_on}} 后失效。\n\n{{programme}}',
    '“{{benefit_en}}” ends soon', E'Hello {{name|there}},\n\n{{left_uses}} uses of “{{benefit_en}}” are left until {{last_on}}.\n\n{{programme}}',
    '【{{programme}}】您还有 {{left_uses}} 次“{{benefit}}”未使用，{{last_on}} 后失效。',
    '{{programme}}: {{left_uses}} uses of “{{benefit_en}}” are left until {{last_on}}.',
    '“{{benefit}}”即将到期', '还有 {{left_uses}} 次未使用，{{last_on}} 后失效。',
    '“{{benefit_en}}” ends soon', '{{left_uses}} uses are left until {{last_on}}.', '权益或权益包到期前'
  ),
  (
    'coupon_reminder', '优惠券到期提醒', 'Coupons expire', 'service', 'active', '{in_site,sms,email,push}',
    '“{{coupon}}”即将到期', '您的“{{coupon}}”{{ends_at}} 前有效，券码 {{code|见会员中心}}。',
    '“{{coupon_en}}” expires soon', 'Your coupon “{{coupon_en}}” can be used until {{ends_at}}. Code: {{code|in your account}}.',
    '“{{coupon}}”即将到期', E'{{name|您}}好：\n\n您的“{{coupon}}”{{ends_at}} 前有效，券码 {{code|见会员中心}}。\n\n{{programme}}',
    '“{{coupon_en}}” expires soon', E'Hello {{name|there}},\n\nYour coupon “{{coupon_en}}” can be used until {{ends_at}}. Code: {{code|in your account}}.\n\n{{programme}}',
    '【{{programme}}】您的“{{coupon}}”{{ends_at}} 前有效，请及时使用。',
    '{{programme}}: your coupon “{{coupon_en}}” can be used until {{ends_at}}.',
    '“{{coupon}}”即将到期', '{{ends_at}} 前有效。',
    '“{{coupon_en}}” expires soon', 'It can be used until {{ends_at}}.', '优惠券失效前'
  ),
  (
    'welcome', '入会欢迎', 'Welcome', 'marketing', 'active', '{in_site,sms}',
    '欢迎加入{{programme}}', '{{name|您}}好，欢迎加入。完成首单即可开启新手成长计划。',
    'Welcome to {{programme}}', 'Hello {{name|there}}, welcome. Your first order starts the newcomer plan.',
    null, null, null, null,
    '【{{programme}}】{{name|您}}好，欢迎加入，完成首单即可开启新手成长计划。回T退订',
    '{{programme}}: welcome, {{name|friend}}. Your first order starts the newcomer plan. Reply T to opt out.',
    null, null, null, null, '新客户入会时'
  ),
  (
    'birthday_care', '生日关怀', 'Birthday care', 'marketing', 'active', '{in_site,sms,push}',
    '{{name|亲爱的会员}}，生日快乐', '生日当月为您准备了专属礼遇，请到会员中心查看。',
    'Happy birthday, {{name|dear member}}', 'A treat of your own waits for you this month: see your account.',
    null, null, null, null,
    '【{{programme}}】{{name|亲爱的会员}}，生日快乐！生日礼遇已送到会员中心。回T退订',
    '{{programme}}: happy birthday, {{name|dear member}}! Your treat is in your account. Reply T to opt out.',
    '生日快乐', '您的生日礼遇已送到会员中心。', 'Happy birthday', 'Your treat is in your account.', '生日当天或当月'
  ),
  (
    'win_back', '时光礼馈', 'Time gift', 'marketing', 'active', '{in_site,sms,push}',
    '为你预留的专属福利', '为你预留的专属福利，3天后失效。',
    'Kept for you', 'Something kept for you, for three days only.',
    null, null, null, null,
    '【{{programme}}】为你预留的专属福利，3天后失效。回T退订',
    '{{programme}}: something kept for you, for three days only. Reply T to opt out.',
    '时光礼馈', '为你预留的专属福利，3天后失效。', 'Kept for you', 'Something kept for you, for three days only.', '唤回沉睡客户'
  )
on conflict (code) do nothing;

select ops.guard_message_templates(message_templates.id, 0, null, to_jsonb(message_templates))
from app.message_templates
where not exists (
  select
  from app.message_template_versions
  where message_template_versions.template_id = message_templates.id
);

update app.settings
set
  points_reminder_id = coalesce(settings.points_reminder_id, points.id),
  benefit_reminder_id = coalesce(settings.benefit_reminder_id, benefits.id),
  coupon_reminder_id = coalesce(settings.coupon_reminder_id, coupons.id)
from app.message_templates as points
cross join app.message_templates as benefits
cross join app.message_templates as coupons
where points.code = 'points_reminder'
  and benefits.code = 'benefit_reminder'
  and coupons.code = 'coupon_reminder';
