-- What visitors did on the pages of the demo in the last ten weeks: views, clicks, clicks in anger and without effect, how far they
-- scrolled; on one page two versions beside each other, and a page of the shop itself that is only measured. The same on every machine.
select ops.make_click_partitions(months.month::date)
from generate_series(
  current_setting('seed.as_of_on')::timestamp - interval '80 days', current_setting('seed.as_of_on')::timestamp, interval '1 month'
) as months (month);

with page as (
  insert into app.pages (code, name, name_en, kind, status, address_pattern, description)
  values (
    'shop_season', '商城 · 换季专场', 'Shop: season sale', 'external', 'active', 'https://shop.evergreen.example/season/*',
    '自有商城页面，放置统计脚本后计入热力图'
  )
  on conflict (code) do nothing
  returning id
)

insert into app.page_versions (page_id, number, state, published_at, note)
select
  page.id,
  1,
  'published',
  current_setting('seed.as_of_on')::timestamptz - interval '71 days',
  '换季改版'
from page;

-- They were there before their visitors; only where the keeping of published pages can be kept silent.
update app.page_versions
set published_at = current_setting('seed.as_of_on')::timestamptz - case page_versions.number when 1 then interval '71 days' else interval '22 days' end
where page_versions.state <> 'draft'
  and current_setting('session_replication_role') = 'replica';

-- How often what is clicked by whom: weight_known for visitors who came by their own link, weight for the others.
create temp table demo_elements on commit drop as
with listed as (
  select
    page_versions.id as page_version_id,
    pages.code as page_code,
    page_versions.number,
    elements.value ->> 'id' as element,
    split_part(elements.value ->> 'id', '.', 2) as part,
    elements.position
  from app.page_versions
  inner join app.pages
    on pages.id = page_versions.page_id
  cross join jsonb_array_elements(page_versions.elements) with ordinality as elements (value, position)
  where page_versions.state <> 'draft'
  union all
  select
    page_versions.id,
    pages.code,
    page_versions.number,
    shop.element,
    shop.part,
    shop.position
  from app.page_versions
  inner join app.pages
    on pages.id = page_versions.page_id
    and pages.code = 'shop_season'
  cross join (
    values
      ('#banner', 'action', 1), ('#filters>button:1', 'filter', 2), ('#filters>button:3', 'filter', 3), ('#goods>li:1', 'product', 4),
      ('#goods>li:2', 'product', 5), ('#goods>li:3', 'product', 6), ('#coupon', 'coupon', 7), ('#buy', 'claim', 8), ('#service', 'lang', 9)
  ) as shop (element, part, position)
),

weighted as (
  select
    listed.page_version_id,
    listed.element,
    listed.part,
    case
      when listed.element = 'points.action' then 7
      when listed.part = 'action' and listed.number = 1 then 22
      when listed.part = 'action' then 17
      when listed.part = 'progress' and listed.page_code = 'newcomer_day' then 38
      when listed.part = 'progress' and listed.number = 2 then 26
      when listed.part = 'progress' then 12
      when listed.part = 'coupon' then 15
      when listed.part like 'product%' then 20.0 / (2 + listed.position)
      when listed.part = 'filter' then 7
      when listed.part = 'card' then 24
      when listed.part like 'link%' then 3
      when listed.part like 'figure%' then 2
      when listed.part = 'lang' then 2
      when listed.part = '' then 1.2
      else 0
    end::double precision as weight_all,
    case listed.part when 'claim' then 18 when 'balance' then 5 else 0 end::double precision as weight_known,
    case listed.part when 'sign_in' then 6 when 'claim' then case when listed.page_code = 'shop_season' then 14 else 0 end else 0 end::double precision
      as weight_stranger,
    case
      when listed.part = 'coupon' then 0.36
      when listed.part like 'figure%' then 0.5
      when listed.part = 'card' then 0.07
      when listed.part = 'progress' then 0.12
      when listed.part in ('', 'sign_in') then 0.55
      else 0.012
    end as dead_chance,
    case listed.part when 'coupon' then 0.07 when 'progress' then 0.02 when 'claim' then 0.03 else 0.003 end as rage_chance,
    named.element_id
  from listed
  inner join ops.name_elements(
    array(select listed.page_version_id from listed order by listed.page_version_id, listed.position),
    array(select listed.element from listed order by listed.page_version_id, listed.position)
  ) as named
    on named.page_version_id = listed.page_version_id
    and named.element = listed.element
)

select
  weighted.page_version_id,
  known.known,
  weighted.element_id,
  weighted.part,
  weighted.dead_chance,
  weighted.rage_chance,
  (sum(drawn.weight) over ladder - drawn.weight) / sum(drawn.weight) over whole as low,
  sum(drawn.weight) over ladder / sum(drawn.weight) over whole as high
from weighted
cross join (values (true), (false)) as known (known)
cross join lateral (
  select weighted.weight_all + case when known.known then weighted.weight_known else weighted.weight_stranger end as weight
) as drawn
where drawn.weight > 0
window
  whole as (partition by weighted.page_version_id, known.known),
  ladder as (partition by weighted.page_version_id, known.known order by weighted.element_id);

create temp table demo_views on commit drop as
with pages_a_day as (
  select
    page_versions.id as page_version_id,
    page_versions.number,
    pages.code,
    pages.kind,
    case pages.code
      when 'newcomer_day' then 46 when 'theme_month' then 64 when 'referral' then 40 when 'quarter_card' then 30 when 'shop_season' then 44 else 20
    end as a_day
  from app.page_versions
  inner join app.pages
    on pages.id = page_versions.page_id
  where page_versions.state <> 'draft'
),

days as (
  select
    back,
    current_setting('seed.as_of_on')::date - back as day
  from generate_series(1, 70) as backs (back)
),

opened as (
  select
    hashint8extended(pages_a_day.page_version_id * 100000000 + days.back * 10000 + numbers.number, 91) as seed,
    pages_a_day.*,
    days.day
  from pages_a_day
  cross join days
  cross join lateral generate_series(1, (
    pages_a_day.a_day
    * (array[0.9, 0.86, 0.9, 0.95, 1.05, 1.25, 1.15])[extract(isodow from days.day)::integer]
    * case when pages_a_day.code = 'newcomer_day' and extract(day from days.day) = 10 then 4 else 1 end
    -- Two versions share the visitors of the last three weeks.
    * case
      when pages_a_day.code <> 'theme_month' then 1
      when pages_a_day.number = 2 then case when days.back <= 21 then 0.5 else 0 end
      else case when days.back <= 21 then 0.5 else 1 end
    end
  )::integer) as numbers (number)
),

visits as (
  select
    opened.*,
    opened.seed & 4503599627370495 as visit_id,
    case
      when pg_temp.draw(opened.seed, 1) < 0.71 then 'phone'
      when pg_temp.draw(opened.seed, 1) < 0.77 then 'tablet'
      else 'desktop'
    end as device_class,
    -- By a link of their own, to pages of ours.
    case
      when opened.kind = 'own' and pg_temp.draw(opened.seed, 2) < 0.42
        then 1 + floor(pg_temp.draw(opened.seed, 3) * pg_temp.draw(opened.seed, 13) * (select max(seed_customers.id) from seed_customers))::bigint
    end as customer_id,
    pg_temp.draw(opened.seed, 4) < 0.03 as bot,
    (opened.day::timestamp + make_interval(secs => 28800 + 54000 * sqrt(pg_temp.draw(opened.seed, 5)))) at time zone settings.time_zone as occurred_at
  from opened
  cross join app.settings
),

-- From one page people go on to another.
onward as (
  select
    visits.seed + 1 as seed,
    visits.visit_id,
    further.page_version_id,
    visits.customer_id,
    visits.device_class,
    visits.bot,
    visits.occurred_at + make_interval(secs => 40 + 90 * pg_temp.draw(visits.seed, 6)) as occurred_at
  from visits
  inner join (
    select
      pages_a_day.*,
      lead(pages_a_day.code, 1, 'newcomer_day') over (order by pages_a_day.code) as next_code
    from pages_a_day
    where pages_a_day.number = 1
  ) as further
    on further.next_code = visits.code
    and further.kind = 'own'
  where pg_temp.draw(visits.seed, 7) < 0.2
)

select
  visits.seed,
  visits.visit_id,
  visits.page_version_id,
  customers.id as customer_id,
  visits.device_class,
  visits.bot,
  visits.occurred_at
from (
  select
    visits.seed,
    visits.visit_id,
    visits.page_version_id,
    visits.customer_id,
    visits.device_class,
    visits.bot,
    visits.occurred_at
  from visits
  union all
  select
    onward.seed,
    onward.visit_id,
    onward.page_version_id,
    onward.customer_id,
    onward.device_class,
    onward.bot,
    onward.occurred_at
  from onward
) as visits
left join app.customers
  on customers.id = visits.customer_id
  and customers.status = 'active';

insert into app.page_view (occurred_at, visit_id, page_version_id, customer_id, received_on, device_class, bot)
select
  demo_views.occurred_at,
  demo_views.visit_id,
  demo_views.page_version_id,
  demo_views.customer_id,
  (demo_views.occurred_at at time zone 'UTC')::date,
  demo_views.device_class,
  demo_views.bot
from demo_views
order by demo_views.occurred_at;

with clicked as materialized (
  select
    demo_views.*,
    demo_elements.element_id,
    demo_elements.part,
    clicks.number,
    demo_views.seed + clicks.number * 7919 as draws,
    demo_views.occurred_at + make_interval(secs => 4 + 9 * clicks.number + 3 * pg_temp.draw(demo_views.seed, 20 + clicks.number)) as clicked_at,
    pg_temp.draw(demo_views.seed + clicks.number * 7919, 30) < demo_elements.dead_chance as dead,
    pg_temp.draw(demo_views.seed + clicks.number * 7919, 31) < demo_elements.rage_chance as rage
  from demo_views
  -- A third clicks nothing, some click again and again.
  cross join lateral generate_series(1, floor(4.2 * pg_temp.draw(demo_views.seed, 8) ^ 1.6)::integer) as clicks (number)
  inner join demo_elements
    on demo_elements.page_version_id = demo_views.page_version_id
    and demo_elements.known = (demo_views.customer_id is not null)
    and pg_temp.draw(demo_views.seed, 40 + clicks.number) >= demo_elements.low
    and pg_temp.draw(demo_views.seed, 40 + clicks.number) < demo_elements.high
),

placed as materialized (
  select
    clicked.*,
    -- The middle of a button, a step of a list, words at the left.
    least(9999, greatest(0, 10000 * (
      case clicked.part when 'progress' then 0.32 when '' then 0.4 else 0.5 end
      + (pg_temp.draw(clicked.draws, 32) + pg_temp.draw(clicked.draws, 33) + pg_temp.draw(clicked.draws, 34) - 1.5) * 0.26
    )))::smallint as x,
    least(9999, greatest(0, 10000 * (
      case clicked.part when 'progress' then (0.5 + floor(3 * pg_temp.draw(clicked.draws, 35) ^ 1.7)) / 3 else 0.5 end
      + (pg_temp.draw(clicked.draws, 36) + pg_temp.draw(clicked.draws, 37) + pg_temp.draw(clicked.draws, 38) - 1.5)
      * case clicked.part when 'progress' then 0.09 else 0.3 end
    )))::smallint as y
  from clicked
),

events as (
  select
    placed.clicked_at as occurred_at,
    placed.visit_id,
    placed.page_version_id,
    placed.element_id,
    placed.x,
    placed.y,
    'click' as kind,
    placed.device_class,
    placed.bot
  from placed
  cross join lateral generate_series(1, case when placed.rage then 3 else 1 end) as times (time)
  union all
  select
    placed.clicked_at,
    placed.visit_id,
    placed.page_version_id,
    placed.element_id,
    placed.x,
    placed.y,
    kinds.kind,
    placed.device_class,
    placed.bot
  from placed
  cross join (values ('rage'), ('dead')) as kinds (kind)
  where case kinds.kind when 'rage' then placed.rage else placed.dead end
  union all
  -- How far was scrolled: most leave early, some read to the end.
  select
    demo_views.occurred_at + interval '35 seconds',
    demo_views.visit_id,
    demo_views.page_version_id,
    null,
    null,
    least(9999, 10000 * (
      case demo_views.device_class when 'desktop' then 0.3 else 0.18 end + 0.95 * pg_temp.draw(demo_views.seed, 9) ^ 1.35
    ))::smallint,
    'scroll',
    demo_views.device_class,
    demo_views.bot
  from demo_views
)

insert into app.page_event (occurred_at, visit_id, page_version_id, element_id, received_on, x, y, kind, device_class, bot)
select
  events.occurred_at,
  events.visit_id,
  events.page_version_id,
  events.element_id,
  (events.occurred_at at time zone 'UTC')::date,
  events.x,
  events.y,
  events.kind,
  events.device_class,
  events.bot
from events
order by events.occurred_at;

insert into app.dirty_click_days (page_version_id, day)
select distinct
  demo_views.page_version_id,
  (demo_views.occurred_at at time zone settings.time_zone)::date
from demo_views
cross join app.settings;

analyze app.page_view;
analyze app.page_event;
