-- A page for the theme month, with things that the demo sells; the pages of the default programme need nothing but publishing.
insert into app.pages (code, name, name_en, campaign_id)
select
  'theme_month',
  '主题月 · 生活家',
  'Theme month',
  campaigns.id
from (values ('theme_month')) as named (campaign)
left join app.campaigns
  on campaigns.code = named.campaign
on conflict (code) do nothing;

insert into app.page_versions (page_id, number, title, title_en, summary, summary_en, accent, blocks)
select
  pages.id,
  1,
  '生活家主题月：好好睡一觉',
  'Theme month: a good night''s sleep',
  '每季度一个生活主题。这一季，从一张床开始。',
  'One theme each quarter. This time it begins with the bed.',
  'blue',
  jsonb_build_array(
    jsonb_build_object(
      'code', 'hero', 'kind', 'hero', 'kicker', '生活家主题月', 'kicker_en', 'Theme month',
      'title', '这一季，好好睡一觉', 'title_en', 'This season, sleep well',
      'text', '我们请 200 位会员试睡了一个月，选出八件他们愿意留下的东西。',
      'text_en', '200 members slept on it for a month. These are the eight things they kept.',
      'action', '看看他们留下了什么', 'action_en', 'See what they kept', 'action_link', '#picks'
    ),
    jsonb_build_object(
      'code', 'picks', 'kind', 'product_list', 'title', '会员留下的八件', 'title_en', 'The eight they kept',
      'products', (
        select jsonb_agg(picked.id order by picked.external_id)
        from (
          select
            products.id,
            products.external_id
          from app.products
          where products.category = '床品布艺'
            and products.status = 'active'
          order by products.external_id
          limit 8
        ) as picked
      )
    ),
    jsonb_build_object(
      'code', 'reviews', 'kind', 'task_progress', 'title', '用过了？说说看', 'title_en', 'Tell us how it was',
      'text', '每月评价 3 件已购商品，积分自动到账。', 'text_en', 'Review three things you bought each month; points arrive by themselves.',
      'task_id', (select tasks.id from app.tasks where tasks.code = 'monthly_reviews')
    ),
    jsonb_build_object(
      'code', 'trust', 'kind', 'trust_figures', 'title', '买得放心', 'title_en', 'Bought with confidence',
      'figures', jsonb_build_array(
        jsonb_build_object('value', '30 天', 'value_en', '30 days', 'label', '试睡期内可退', 'label_en', 'to send it back'),
        jsonb_build_object('value', '5 年', 'value_en', '5 years', 'label', '床品质保', 'label_en', 'of warranty'),
        jsonb_build_object('value', '48 小时', 'value_en', '48 hours', 'label', '售后响应', 'label_en', 'to an answer')
      )
    ),
    jsonb_build_object(
      'code', 'points', 'kind', 'points', 'title', '积分也能抵', 'title_en', 'Pay with points',
      'text', '结算时选择积分抵扣，主题月商品同样适用。', 'text_en', 'At the till, also for the things of the month.'
    )
  )
from app.pages
where pages.code = 'theme_month'
  and not exists (
    select
    from app.page_versions
    where page_versions.page_id = pages.id
  );

-- The same page with the task first, which is to be shown to half of the visitors.
insert into app.page_versions (page_id, number, title, title_en, summary, summary_en, accent, blocks, note)
select
  page_versions.page_id,
  2,
  page_versions.title,
  page_versions.title_en,
  page_versions.summary,
  page_versions.summary_en,
  page_versions.accent,
  (
    select jsonb_agg(
      blocks.block
      order by array_position(array['hero', 'reviews', 'picks', 'trust', 'points'], blocks.block ->> 'code')
    )
    from jsonb_array_elements(page_versions.blocks) as blocks (block)
  ),
  '评价任务移到商品之前'
from app.page_versions
inner join app.pages
  on pages.id = page_versions.page_id
  and pages.code = 'theme_month'
where page_versions.number = 1
on conflict (page_id, number) do nothing;
