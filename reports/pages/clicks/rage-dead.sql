/*---
report: 1
title: [愤怒与无效点击, Rage and dead clicks]
describe: ["各元素的点击里有多少是连点三次仍无反应的，有多少没有任何效果", "How much of the clicks on each element was in anger, and how much without any effect"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
columns:
  element:  { role: category }
  trouble:  { role: series, label: [异常, Trouble], labels: { rage: [愤怒点击, Rage], dead: [无效点击, Dead] } }
  rate:     { role: measure, metric: trouble_rate }
  low:      { role: measure, metric: trouble_rate, label: [下限, Lower end] }
  high:     { role: measure, metric: trouble_rate, label: [上限, Upper end] }
  troubled: { role: measure, metric: trouble_clicks }
  clicks:   { role: weight, metric: element_clicks }
  element_code: { role: detail, hidden: true }
chart: { kind: column, x: element, y: rate, color: trouble }
drill: { to: clicks/grid, pass: { element: element_code } }
limits: { rows: 80, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

elements as (
  select
    element_days.element,
    max(case when :lang = 'en' then element_days.element_label_en else element_days.element_label end) as label,
    sum(element_days.visit_count) as visits,
    sum(element_days.click_count) as clicks,
    sum(element_days.rage_count) as rage,
    sum(element_days.dead_count) as dead
  from report.element_days
  inner join page
    on page.page_code = element_days.page_code
  where element_days.clicked_on >= :period_from
    and element_days.clicked_on < :period_to
    and (:version is null or element_days.version_number = :version)
    and (:device is null or element_days.device_class = :device)
  group by element_days.element
),

troubled as (
  select
    elements.*,
    row_number() over (order by elements.rage + elements.dead desc, elements.clicks desc, elements.element) as rank
  from elements
  where elements.rage + elements.dead > 0
    and elements.clicks >= 30
)

select
  troubled.label as element,
  kinds.trouble,
  round(kinds.troubled / troubled.clicks, 6) as rate,
  report.wilson_low(least(kinds.troubled, troubled.clicks), troubled.clicks) as low,
  report.wilson_high(least(kinds.troubled, troubled.clicks), troubled.clicks) as high,
  kinds.troubled::bigint as troubled,
  troubled.clicks::bigint as clicks,
  troubled.element as element_code
from troubled
cross join lateral (values ('rage', troubled.rage), ('dead', troubled.dead)) as kinds (trouble, troubled)
where troubled.rank <= 20
order by troubled.rank, kinds.trouble desc
