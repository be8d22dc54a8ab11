-- Titles that the programme gives, and what newcomers and regulars are asked to do.
insert into app.titles (code, name, name_en, kind, icon, color, lasts_days, description)
values
  ('vip_experience_officer', '年度VIP体验官', 'VIP experience officer of the year', 'title', 'crown', '#b8860b', 365,
    '季度主题赛获奖者，优先体验新品'),
  ('co_creation_officer', '产品共创官', 'Co-creation officer', 'title', 'bulb', '#2f6f4f', null,
    '试用、投票与建议被采纳的客户'),
  ('brand_recommender', '品牌推荐官', 'Brand recommender', 'title', 'megaphone', '#a8452e', 365,
    '累计推荐 10 位新客户，享一年购物保障与新品优先'),
  ('check_in_star', '签到之星', 'Check-in star', 'badge', 'calendar', '#3a6ea5', null, '连续签到 30 天')
on conflict (code) do nothing;

insert into app.tasks (
  code, name, name_en, status, trigger, limit_hours, repeats, repeat_period, description
)
values
  ('newcomer_growth', '新手成长计划', 'Newcomer growth plan', 'active', 'first_order', 2160, 'once', null,
    '首单后3天内再次下单得复购券50元；邀请2位好友注册，每位得邀请券20元'),
  ('check_in_streak', '连续签到', 'Check-in streak', 'active', 'always', null, 'once', null,
    '每连续签到7天得30积分；连续30天得“签到之星”徽章'),
  ('monthly_reviews', '每月评价', 'Monthly reviews', 'active', 'always', null, 'period', 'month',
    '每月评价3件已购商品得60积分'),
  ('share_that_sells', '分享有礼', 'Shares that sell', 'active', 'always', null, 'period', 'quarter',
    '分享带来成交才有奖励，每季度最多3次，每次80积分；成交订单退货则收回')
on conflict (code) do nothing;

insert into app.task_steps (
  task_id, position, name, name_en, goal, event_kind, target, within_hours, times, coupon_template_id, points, title_id
)
select
  tasks.id,
  listed.position,
  listed.name,
  listed.name_en,
  listed.goal,
  listed.event_kind,
  listed.target,
  listed.within_hours,
  listed.times,
  coupon_templates.id,
  listed.points,
  titles.id
from (
  values
    ('newcomer_growth', 1, '3天内再次下单', 'A second order within 3 days', 'orders', null, 1, 72, 1, 'newcomer_second_50', null::bigint, null),
    ('newcomer_growth', 2, '邀请好友注册', 'Invite friends who enrol', 'friends', null, 1, null, 2, 'newcomer_invite_20', null, null),
    ('check_in_streak', 1, '连续签到7天', 'Seven days in a row', 'streak_days', 'check_in', 7, null, null, null, 30, null),
    ('check_in_streak', 2, '连续签到30天', 'Thirty days in a row', 'streak_days', 'check_in', 30, null, 1, null, null, 'check_in_star'),
    ('monthly_reviews', 1, '评价3件商品', 'Review three things', 'reviews', null, 3, null, 1, null, 60, null),
    ('share_that_sells', 1, '分享带来成交', 'A share that sells', 'shares_sold', null, 1, null, 3, null, 80, null)
) as listed (task, position, name, name_en, goal, event_kind, target, within_hours, times, coupon, points, title)
inner join app.tasks
  on tasks.code = listed.task
left join app.coupon_templates
  on coupon_templates.code = listed.coupon
left join app.titles
  on titles.code = listed.title
where not exists (select from app.task_steps where task_steps.task_id = tasks.id)
order by tasks.id, listed.position;

select ops.keep_task_version(
  tasks.id, 0, (select coalesce(settings.started_on::timestamp at time zone settings.time_zone, now()) from app.settings)
)
from app.tasks
where not exists (
  select
  from app.programme_versions
  where programme_versions.resource = 'tasks'
    and programme_versions.record_id = tasks.id
)
order by tasks.id;
