-- Benefits in three layers, and those of tiers and of the quarterly card.
insert into app.benefits (
  code, name, name_en, layer, kind, status, point_multiplier, quota, quota_period, carry_over, carry_over_cap,
  occasion, occasion_days, unit_cost, fulfilment, coupon_template_id, owner_role, handle_hours, remind_days, remind_channels,
  description
)
select
  listed.code, listed.name, listed.name_en, listed.layer, listed.kind, 'active', listed.point_multiplier, listed.quota,
  listed.quota_period, listed.carry_over, listed.carry_over_cap, listed.occasion, listed.occasion_days, listed.unit_cost,
  listed.fulfilment, coupon_templates.id, listed.owner_role, listed.handle_hours, listed.remind_days,
  coalesce(listed.remind_channels, '{}'), listed.description
from (
  values
    (1, 'points_exchange', '积分兑换', 'Points exchange', 'basic', 'points_exchange', null::numeric, null::integer, null, false,
      null::integer, 'always', null::integer, null::numeric, 'automatic', 'points_50', null, null::integer, null::integer,
      null::text[], '积分可兑换优惠券与商品'),
    (2, 'free_shipping', '包邮', 'Free shipping', 'basic', 'free_shipping', null, 3, 'month', false,
      null, 'always', null, 8, 'code', 'free_shipping', null, null, 5, '{in_site}', '每月 3 次免运费'),
    (3, 'birthday_gift', '生日礼', 'Birthday gift', 'basic', 'gift', null, 1, 'year', false,
      null, 'birthday_month', null, 35, 'code', 'birthday_gift', null, null, 7, '{in_site,sms}', '生日当月随单赠送'),
    (4, 'dedicated_service', '专属客服', 'Dedicated service', 'advanced', 'service', null, null, null, false,
      null, 'always', null, 15, 'manual', null, 'customer_service', 24, null, null, '金卡起，一对一顾问'),
    (5, 'customised_product', '产品定制', 'Customised product', 'advanced', 'customisation', null, 1, 'year', false,
      null, 'always', null, 80, 'manual', null, 'operator', 72, 30, '{in_site}', '每年一次刻字、配色等定制'),
    (6, 'brand_event', '品牌活动', 'Brand events', 'emotional', 'event', null, 2, 'year', false,
      null, 'always', null, 120, 'manual', null, 'operator', 72, 14, '{in_site,sms}', '线下沙龙、开放日等活动名额'),
    (7, 'user_story', '用户故事', 'User-story feature', 'emotional', 'story', null, 1, 'quarter', false,
      null, 'always', null, 50, 'manual', null, 'operator', 120, null, null, '“我的品牌时光”故事征集与展示'),
    (8, 'newcomer_gift', '新人礼', 'Newcomer gift', 'custom', 'coupon', null, 1, 'lifetime', false,
      null, 'enrolment', 30, 20, 'code', 'newcomer_gift', null, null, 3, '{in_site,sms}', '入会 30 天内可领'),
    (9, 'flash_sale_access', '限时抢购资格', 'Flash-sale access', 'custom', 'sale_access', null, 4, 'month', false,
      null, 'always', null, 0, 'automatic', null, null, null, null, null, '限时抢购提前入场'),
    (10, 'birthday_double_points', '生日月双倍积分', 'Double points in the birthday month', 'custom', 'point_multiplier', 2, null, null, false,
      null, 'birthday_month', null, null, 'automatic', null, null, null, null, null, '生日当月消费双倍积分'),
    (11, 'monthly_exchange', '每月免费换货', 'A free exchange a month', 'custom', 'exchange', null, 1, 'month', true,
      2, 'always', null, 12, 'manual', null, 'customer_service', 48, 5, '{in_site,push}', '每月一次免费换货，未用可结转至多 2 次'),
    (12, 'early_access', '新品优先购', 'Early access to new products', 'custom', 'early_access', null, null, null, false,
      null, 'always', null, 0, 'automatic', null, null, null, null, null, '新品上市前 48 小时优先购买'),
    (13, 'quarter_coupon', '季度专享券', 'Coupon of the quarter', 'custom', 'coupon', null, 1, 'quarter', false,
      null, 'always', null, 50, 'code', 'points_50', null, null, 14, '{in_site,push}', '每季度一张 50 元券'),
    (14, 'upgrade_gift', '升级礼', 'Upgrade gift', 'tier', 'coupon', null, 1, 'year', false,
      null, 'tier_upgrade', 30, 50, 'code', 'points_50', null, null, 7, '{in_site,sms}', '升至银卡及以上时赠送')
) as listed (
  place, code, name, name_en, layer, kind, point_multiplier, quota, quota_period, carry_over,
  carry_over_cap, occasion, occasion_days, unit_cost, fulfilment, coupon, owner_role, handle_hours, remind_days,
  remind_channels, description
)
left join app.coupon_templates
  on coupon_templates.code = listed.coupon
order by listed.place
on conflict (code) do nothing;

-- Service is for gold and above, the gift of an upgrade for silver and above.
update app.benefits
set tiers = array(
  select tiers.id
  from app.tiers
  where tiers.code in ('gold', 'platinum') or (tiers.code = 'silver' and benefits.code = 'upgrade_gift')
  order by tiers.rank
)
where benefits.code in ('dedicated_service', 'upgrade_gift');
