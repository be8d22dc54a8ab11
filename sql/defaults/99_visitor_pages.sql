-- A coupon that visitors of the newcomer page claim, and pages for standing campaigns. Drafts until somebody publishes them.
insert into app.coupon_templates (
  code, name, name_en, kind, status, amount, min_spend, distribution, valid_for, valid_unit, stacking, per_customer_limit,
  per_customer_period, message_channels, remind_hours, terms
)
values (
  'newcomer_page_15', '福利日券 满129减15', 'Newcomer day: 15 off 129', 'threshold', 'active', 15, 129, 'claim', 14, 'days', 'exclusive', 1,
  'month', '{in_site,push}', 72, '每月可领一张，领取后 14 天内使用'
)
on conflict (code) do nothing;

insert into app.pages (code, name, name_en, campaign_id)
select
  listed.code,
  listed.name,
  listed.name_en,
  campaigns.id
from (
  values
    ('newcomer_day', '新人福利日', 'Newcomer day', 'newcomer_day'),
    ('quarter_card', '季度权益卡', 'Quarterly benefit card', 'quarter_card'),
    ('referral', '推荐有礼', 'Refer a friend', 'referral')
) as listed (code, name, name_en, campaign)
left join app.campaigns
  on campaigns.code = listed.campaign
on conflict (code) do nothing;

insert into app.page_versions (page_id, number, title, title_en, summary, summary_en, accent, blocks)
select
  pages.id,
  1,
  listed.title,
  listed.title_en,
  listed.summary,
  listed.summary_en,
  listed.accent,
  listed.blocks
from (
  select
    'newcomer_day' as page,
    '每月 10 日，新人福利日' as title,
    'Newcomer day, on the 10th' as title_en,
    '新会员专享礼券、成长任务与首单礼遇，每月 10 日开启。' as summary,
    'Coupons, tasks and a treat with the first order, on the 10th of each month.' as summary_en,
    'green' as accent,
    jsonb_build_array(
      jsonb_build_object(
        'code', 'hero', 'kind', 'hero', 'kicker', '每月 10 日', 'kicker_en', 'On the 10th of each month',
        'title', '新朋友，欢迎回家', 'title_en', 'Welcome home',
        'text', '第一个月，我们想多照顾你一点：一张福利券、一份成长任务，还有随首单寄出的小礼。',
        'text_en', 'In your first month we look after you: a coupon, a few tasks worth doing, and a small gift with your first order.',
        'action', '先领福利券', 'action_en', 'Get the coupon', 'action_link', '#coupon'
      ),
      jsonb_build_object(
        'code', 'coupon', 'kind', 'coupon_claim', 'title', '福利日专享券', 'title_en', 'Your coupon for the day',
        'text', '全场通用，不含礼品卡。', 'text_en', 'For everything but gift cards.',
        'coupon_template_id', (select coupon_templates.id from app.coupon_templates where coupon_templates.code = 'newcomer_page_15'),
        'claim', '立即领取', 'claim_en', 'Claim it'
      ),
      jsonb_build_object(
        'code', 'growth', 'kind', 'task_progress', 'title', '新手成长计划', 'title_en', 'Your first steps',
        'text', '首单之后 90 天内完成，奖励自动到账。', 'text_en', 'Within 90 days of your first order; rewards arrive by themselves.',
        'task_id', (select tasks.id from app.tasks where tasks.code = 'newcomer_growth')
      ),
      jsonb_build_object(
        'code', 'points', 'kind', 'points', 'title', '每一笔都算积分', 'title_en', 'Points with every order',
        'text', '消费即得积分，签到、评价、分享也有；可抵现金，也可换好礼。',
        'text_en', 'For orders, check-ins, reviews and shares; to pay with, or for gifts.'
      ),
      jsonb_build_object(
        'code', 'rules', 'kind', 'rich_text', 'title', '活动说明', 'title_en', 'Good to know',
        'body', E'- 福利券每位会员每月限领一张，领取后 14 天内有效\n- 成长任务自首单起计算，退货订单不计入\n- 首单礼遇随包裹寄出，以实物为准\n\n如有疑问，请联系 **在线客服**，每日 9:00–21:00。',
        'body_en', E'- One coupon per member and month, valid for 14 days\n- Tasks count from the first order; orders that are returned do not count\n- The gift comes in the parcel\n\nQuestions? **Customer service** is there from 9 to 21.'
      )
    ) as blocks
  union all
  select
    'quarter_card',
    '季度权益卡 · 十项权益',
    'The quarterly card: ten benefits',
    '每季度首日到账的十项会员权益，用得上，也看得见。',
    'Ten benefits for members, new each quarter.',
    'brown',
    jsonb_build_array(
      jsonb_build_object(
        'code', 'hero', 'kind', 'hero', 'kicker', '会员专属', 'kicker_en', 'For members',
        'title', '十项权益，用得上', 'title_en', 'Ten benefits you will use',
        'text', '每季度首日自动到账。换货、包邮、新品优先、生日礼，都在这张卡里。',
        'text_en', 'It arrives on the first day of each quarter: exchanges, free shipping, new products first, a birthday gift.',
        'action', '看看有哪些', 'action_en', 'See what is in it', 'action_link', '#card'
      ),
      jsonb_build_object(
        'code', 'card', 'kind', 'benefit_card', 'title', '本季权益', 'title_en', 'This quarter',
        'package_id', (select benefit_packages.id from app.benefit_packages where benefit_packages.code = 'quarter_card')
      ),
      jsonb_build_object(
        'code', 'points', 'kind', 'points', 'title', '权益之外，还有积分', 'title_en', 'And your points',
        'text', '生日当月双倍积分，权益卡有效期内一直有效。', 'text_en', 'Twice as many in the month of your birthday.'
      ),
      jsonb_build_object(
        'code', 'how', 'kind', 'rich_text', 'title', '怎么使用', 'title_en', 'How it works',
        'body', E'## 到账\n每季度首日发放给上季度活跃的会员，无需领取。\n\n## 使用\n下单时自动可用；需人工办理的权益，请联系 **专属客服**。\n\n## 到期\n当季有效，到期前 14 天提醒，未用权益不累计到下季度。',
        'body_en', E'## It arrives\nOn the first day of the quarter, for members who were active in the last one.\n\n## Using it\nMost of it applies when you order; for the rest, ask **your adviser**.\n\n## It ends\nWith the quarter. We remind you 14 days before; what is left does not carry over.'
      )
    )
  union all
  select
    'referral',
    '推荐有礼 · 好东西分享给朋友',
    'Refer a friend',
    '推荐 1、3、5、10 位新朋友，逐级有礼；朋友首单立减 50 元。',
    'Rewards for 1, 3, 5 and 10 friends; 50 off their first order.',
    'red',
    jsonb_build_array(
      jsonb_build_object(
        'code', 'hero', 'kind', 'hero', 'kicker', '推荐有礼', 'kicker_en', 'Refer a friend',
        'title', '好东西，分享给朋友', 'title_en', 'Good things are for sharing',
        'text', '朋友首单立减 50 元，你得 100 元无门槛券，推荐成功后 72 小时内到账。',
        'text_en', 'Your friend gets 50 off the first order, you get a coupon of 100 within 72 hours.',
        'action', '怎么推荐', 'action_en', 'How it works', 'action_link', '#how'
      ),
      jsonb_build_object(
        'code', 'how', 'kind', 'rich_text', 'title', '三步完成推荐', 'title_en', 'Three steps',
        'body', E'- 在会员中心生成 **专属海报**，发给朋友\n- 朋友用你的码注册，首单立减 50 元\n- 朋友确认收货后 72 小时内，奖励到账',
        'body_en', E'- Make **your poster** in your account and send it\n- Your friend signs up with your code and gets 50 off\n- Your reward arrives within 72 hours of the delivery'
      ),
      jsonb_build_object(
        'code', 'ladder', 'kind', 'trust_figures', 'title', '推荐越多，礼遇越多', 'title_en', 'More friends, more rewards',
        'figures', jsonb_build_array(
          jsonb_build_object('value', '1 位', 'value_en', '1 friend', 'label', '100 元无门槛券', 'label_en', 'a coupon of 100'),
          jsonb_build_object('value', '3 位', 'value_en', '3 friends', 'label', '推荐达人礼盒', 'label_en', 'a gift box'),
          jsonb_build_object('value', '5 位', 'value_en', '5 friends', 'label', '尊享服务', 'label_en', 'premium service'),
          jsonb_build_object('value', '10 位', 'value_en', '10 friends', 'label', '品牌推荐官称号', 'label_en', 'the title of brand recommender')
        ),
        'source', '同一位新朋友只计一次，退货订单不计入。', 'source_en', 'Each friend counts once; orders that are returned do not count.'
      ),
      jsonb_build_object(
        'code', 'share', 'kind', 'task_progress', 'title', '分享也有奖', 'title_en', 'Shares count too',
        'task_id', (select tasks.id from app.tasks where tasks.code = 'share_that_sells')
      )
    )
) as listed
inner join app.pages
  on pages.code = listed.page
where not exists (
  select
  from app.page_versions
  where page_versions.page_id = pages.id
);
