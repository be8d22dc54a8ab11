/*---
report: 1
title: [首末点击元素, First and last clicks]
describe: ["访问从点击哪个元素开始、在点击哪个元素后结束；没有点击的访问不计", "With which element visits began to click, and after which they ended; visits without a click are left out"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
columns:
  element: { role: category }
  place:   { role: series, label: [位置, Place], labels: { first: [首个点击, First click], last: [最后点击, Last click] } }
  visits:  { role: measure, metric: path_visits }
  element_code: { role: detail, hidden: true }
chart: { kind: column, x: element, y: visits, color: place }
drill: { to: clicks/paths, pass: { first: element_code } }
limits: { rows: 100, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

clicks as (
  select
    'first' as place,
    element_path_days.to_element as element_code,
    case when :lang = 'en' then element_path_days.to_label_en else element_path_days.to_label end as element,
    element_path_days.visit_count
  from report.element_path_days
  inner join page
    on page.page_code = element_path_days.page_code
  where element_path_days.visited_on >= :period_from
    and element_path_days.visited_on < :period_to
    and (:version is null or element_path_days.version_number = :version)
    and (:device is null or element_path_days.device_class = :device)
    and element_path_days.step = 1
    and element_path_days.to_element is not null
  union all
  select
    'last',
    element_path_days.from_element,
    case when :lang = 'en' then element_path_days.from_label_en else element_path_days.from_label end,
    element_path_days.visit_count
  from report.element_path_days
  inner join page
    on page.page_code = element_path_days.page_code
  where element_path_days.visited_on >= :period_from
    and element_path_days.visited_on < :period_to
    and (:version is null or element_path_days.version_number = :version)
    and (:device is null or element_path_days.device_class = :device)
    and element_path_days.to_element is null
    and element_path_days.from_element is not null
),

summed as (
  select
    clicks.element_code,
    max(clicks.element) as element,
    clicks.place,
    sum(clicks.visit_count)::bigint as visits,
    max(sum(clicks.visit_count)) over (partition by clicks.element_code) as most
  from clicks
  group by clicks.element_code, clicks.place
),

ranked as (
  select
    summed.*,
    dense_rank() over (order by summed.most desc, summed.element_code) as rank
  from summed
)

select
  ranked.element,
  ranked.place,
  ranked.visits,
  ranked.element_code
from ranked
where ranked.rank <= 20
order by ranked.rank, ranked.place
