-- Campaigns of the weeks around the demo's last day, one in every state; two of them exclude each other.
insert into app.campaigns (
  code, name, name_en, parent_id, status, theme, form, content, goal_metric, goal_measure, goal_rate, goal_value,
  starts_on, ends_on, exclusive, channels, contacts, holdout_rate, point_multiplier, offer_note, budget_amount, owner_team,
  review_summary, submitted_by, approved_by, approved_at
)
select
  listed.code, listed.name, listed.name_en,
  case when listed.themed then (select campaigns.id from app.campaigns where campaigns.code = 'theme_month') end,
  listed.status, listed.theme, listed.form, listed.content, listed.goal_metric, listed.goal_measure, listed.goal_rate, listed.goal_value,
  current_setting('seed.as_of_on')::date + listed.from_day,
  current_setting('seed.as_of_on')::date + listed.to_day,
  listed.exclusive, listed.channels, listed.contacts, listed.holdout_rate, listed.point_multiplier, listed.offer_note,
  listed.budget_amount, listed.owner_team, listed.review_summary,
  case when listed.status <> 'draft' then (select users.id from app.users where users.email = 'operator@evergreen.example') end,
  case when listed.status in ('approved', 'running', 'ended', 'reviewed') then
    (select users.id from app.users where users.email = 'reviewer@evergreen.example')
  end,
  case when listed.status in ('approved', 'running', 'ended', 'reviewed') then
    (current_setting('seed.as_of_on')::date + listed.from_day - 10)::timestamptz
  end
from (
  values
    ('home_contest', '换季焕新 · 晒家赛', 'Home refresh contest', true, 'reviewed', '换季焕新', 'contest',
      '晒出换季后的家，评选“年度VIP体验官”', 'participation_rate', 'rate', 0.3::numeric, null::numeric, -55, -30,
      false, '{in_site,push,community}'::text[], 1, 0::numeric, null::numeric, null, 20000::numeric, 'marketing',
      '参与率 34%，超出目标；下次提前一周公布评选规则'),
    ('member_week', '会员感恩周', 'Members'' week', false, 'ended', '感恩同行', 'discount',
      '全场会员折上折', 'sales_growth', 'rate', 0.2, null, -20, -14,
      false, '{in_site,sms,push}', 2, 0.05, null, '会员折上 95 折', 30000, 'operations', null),
    ('points_double', '双倍积分周', 'Double points', false, 'running', '积分翻倍', 'discount',
      '购物积分翻倍', 'repurchase_rate', 'rate', 0.4, null, -2, 5,
      false, '{in_site,push}', 1, 0.1, 2, '双倍积分', 10000, 'operations', null),
    ('partner_tea', '茶与器 · 跨界合作', 'Tea and ware with a partner', true, 'approved', '一壶好茶', 'partner',
      '与合作品牌互送优惠券', 'first_order_conversion', 'rate', 0.4, null, 12, 21,
      true, '{in_site,wecom}', 1, 0, null, '双方各发 1,000 张', 15000, 'marketing', null),
    ('year_end_sale', '年终限时折扣', 'Year-end sale', false, 'review', '年终盛典', 'flash_sale',
      '三天限时，全场八折', 'sales_growth', 'rate', 0.5, null, 16, 18,
      true, '{in_site,sms,push}', 3, 0.1, null, '限时八折', 50000, 'operations', null),
    ('taste_lab', '新品共创 · 试用官', 'Co-creation: product trials', false, 'draft', '产品共创', 'co_creation',
      '邀请试用新品，优秀建议者授予“产品共创官”', 'testimonials', 'number', null, 50, 25, 45,
      false, '{community,wecom}', 1, 0, null, null, 8000, 'design', null),
    ('lucky_draw', '新春抽奖', 'New-year draw', false, 'draft', '新春好礼', 'draw',
      '消费满额抽奖，最高奖不超过 5 万元', 'participation_rate', 'rate', 0.35, null, 60, 74,
      false, '{in_site,push}', 1, 0, null, null, 60000, 'marketing', null)
) as listed (
  code, name, name_en, themed, status, theme, form, content, goal_metric, goal_measure, goal_rate, goal_value, from_day, to_day,
  exclusive, channels, contacts, holdout_rate, point_multiplier, offer_note, budget_amount, owner_team, review_summary
)
on conflict (code) do nothing;

insert into app.campaign_stages (campaign_id, position, stage, starts_on, ends_on, tasks, owner_team, done)
select
  campaigns.id,
  planned.position,
  planned.stage,
  case planned.stage
    when 'preparation' then campaigns.starts_on - 14
    when 'warm_up' then campaigns.starts_on - 7
    when 'run' then campaigns.starts_on
    else campaigns.ends_on + 1
  end,
  case planned.stage
    when 'preparation' then campaigns.starts_on - 8
    when 'warm_up' then campaigns.starts_on - 1
    when 'run' then campaigns.ends_on
    else campaigns.ends_on + 5
  end,
  planned.tasks,
  planned.owner_team,
  campaigns.status = 'reviewed'
from app.campaigns
cross join (
  values
    (1, 'preparation', '确定目标与预算；配置优惠与页面；准备素材', 'operations'),
    (2, 'warm_up', '预告与种子用户招募；测试触达链路', 'marketing'),
    (3, 'run', '每日查看健康度；处理反馈与异常', 'operations'),
    (4, 'retrospective', '数据复盘；整理改进事项', 'management')
) as planned (position, stage, tasks, owner_team)
where campaigns.code in ('home_contest', 'partner_tea', 'year_end_sale');
