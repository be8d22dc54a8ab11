-- Coupons that the programme gives: newcomers' ladder, win-back, referral, compensation. Times of tasks and coupons run in
-- hours: three days are 72.
insert into app.coupon_templates (
  code, name, name_en, kind, status, amount, discount_rate, max_discount, gift_name, min_spend,
  first_order_only, valid_for, valid_unit, activation, activation_event, activation_days,
  stacking, stack_group, per_customer_limit, per_customer_period, unit_cost, message_channels, remind_hours, terms
)
values
  ('dormant_200_80', '时光礼馈 满200减80', 'Time gift: 80 off 200', 'threshold', 'active', 80, null, null, null, 200,
    false, 72, 'hours', 'at_once', null, null,
    'exclusive', null, 1, 'year', null, '{sms,push,community}', 24, '为你预留的专属福利，3天后失效'),
  ('newcomer_gift', '新人礼 满99减20', 'Welcome: 20 off 99', 'threshold', 'active', 20, null, null, null, 99,
    true, 30, 'days', 'at_once', null, null,
    'exclusive', null, 1, 'lifetime', null, '{in_site,sms}', 72, '新会员专享，限首单使用'),
  ('newcomer_second_50', '新手成长 复购券50元', 'Second order: 50', 'fixed', 'active', 50, null, null, null, 0,
    false, 30, 'days', 'at_once', null, null,
    'exclusive', null, 1, 'lifetime', null, '{in_site,push}', 72, '首单后3天内再次下单可得'),
  ('newcomer_invite_20', '新手成长 邀请券20元', 'Invite a friend: 20', 'fixed', 'active', 20, null, null, null, 0,
    false, 30, 'days', 'at_once', null, null,
    'group', 'invite', 2, 'lifetime', null, '{in_site,push}', 72, '每邀请一位好友注册得一张，最多两张'),
  ('starter_pack_30', '新人礼包 30元券', 'Starter pack: 30', 'fixed', 'active', 30, null, null, null, 0,
    false, 30, 'days', 'event', 'first_referral', 90,
    'exclusive', null, 1, 'lifetime', null, '{in_site,push}', 72, '首次推荐成功后生效'),
  ('referral_100', '推荐礼 100元无门槛券', 'Referral: 100 without threshold', 'fixed', 'active', 100, null, null, null, 0,
    false, 90, 'days', 'at_once', null, null,
    'exclusive', null, null, 'lifetime', null, '{in_site,sms,push}', 168, '成功推荐 1 位新客户后72小时内到账'),
  ('referral_group_200', '社群裂变 200元无门槛券', 'Group referral: 200 without threshold', 'fixed', 'active', 200, null, null, null, 0,
    false, 90, 'days', 'at_once', null, null,
    'exclusive', null, null, 'lifetime', null, '{in_site,push,community}', 168, '社群达成 10 单后奖励邀请人'),
  ('referral_gift_box', '推荐达人礼盒', 'Referrer''s gift box', 'gift', 'active', null, null, null, '推荐达人礼盒', 0,
    false, 90, 'days', 'at_once', null, null,
    'stackable', null, 1, 'lifetime', 120, '{in_site,sms}', 168, '成功推荐 3 位新客户可得'),
  ('friend_first_50', '好友首单立减50元', 'Friend''s first order: 50 off', 'fixed', 'active', 50, null, null, null, 0,
    true, 30, 'days', 'at_once', null, null,
    'exclusive', null, 1, 'lifetime', null, '{in_site,sms}', 72, '被推荐的新客户首单可用'),
  ('friend_first_10_off', '好友首单九折', 'Friend''s first order: 10% off', 'percentage', 'active', null, 0.1, 200, null, 0,
    true, 30, 'days', 'at_once', null, null,
    'exclusive', null, 1, 'lifetime', null, '{in_site,sms}', 72, '被推荐的新客户首单九折，并附品牌手册'),
  ('refer_friend_20_off', '推荐好友 八折券', 'Refer a friend: 20% off', 'percentage', 'active', null, 0.2, 300, null, 0,
    false, 60, 'days', 'at_once', null, null,
    'exclusive', null, 1, 'month', null, '{in_site,push}', 168, '新客户购买后再推荐好友可得'),
  ('organisation_5_off', '企业圈层 九五折', 'Organisation: 5% off', 'percentage', 'active', null, 0.05, 2000, null, 5000,
    false, 365, 'days', 'at_once', null, null,
    'exclusive', null, null, 'lifetime', null, '{in_site,email}', null, '企业成员满5,000元可用'),
  ('compensation_30', '补偿券 30元', 'Compensation: 30', 'fixed', 'active', 30, null, null, null, 0,
    false, 60, 'days', 'at_once', null, null,
    'stackable', null, null, 'lifetime', null, '{in_site,sms}', 168, '缺货、故障等事件的补偿'),
  ('points_50', '积分兑换 50元券', 'For points: 50', 'fixed', 'active', 50, null, null, null, 0,
    false, 90, 'days', 'at_once', null, null,
    'exclusive', null, 4, 'month', null, '{in_site}', 168, '用积分兑换'),
  ('free_shipping', '免运费券', 'Free shipping', 'free_shipping', 'active', null, null, null, null, 0,
    false, 90, 'days', 'at_once', null, null,
    'stackable', null, null, 'lifetime', 8, '{in_site}', 72, null),
  ('birthday_gift', '生日礼', 'Birthday gift', 'gift', 'active', null, null, null, '生日定制礼品', 0,
    false, 31, 'days', 'at_once', null, null,
    'stackable', null, 1, 'year', 35, '{in_site,sms}', 168, '生日当月随单赠送')
on conflict (code) do nothing;

-- Win-back is for those who have gone quiet.
update app.coupon_templates
set segments = array(
  select segments.id
  from base.segments
  where segments.rule_set_code = 'lifecycle'
    and segments.segment_code = 'dormant'
)
where coupon_templates.code = 'dormant_200_80';
