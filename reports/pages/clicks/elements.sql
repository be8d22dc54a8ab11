/*---
report: 1
title: [元素点击率, Click rate by element]
describe: ["点击过该元素的访问占页面访问的比例，竖线为 95% 区间；取点击最多的 40 个元素", "Share of the page's visits that clicked the element, with its 95% interval. The 40 elements clicked most"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
columns:
  element:      { role: category }
  click_rate:   { role: measure, metric: element_click_rate }
  low:          { role: measure, metric: element_click_rate, label: [下限, Lower end] }
  high:         { role: measure, metric: element_click_rate, label: [上限, Upper end] }
  clicking:     { role: measure, metric: element_visits }
  visits:       { role: weight, metric: page_visits }
  clicks:       { role: measure, metric: element_clicks }
  click_share:  { role: measure, metric: element_click_share }
  page_clicks:  { role: weight, metric: page_clicks }
  element_code: { role: detail, hidden: true }
chart: { kind: column, x: element, y: click_rate, low: low, high: high }
drill: { to: clicks/grid, pass: { element: element_code } }
limits: { rows: 40, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

visits as (
  select
    sum(page_click_days.visit_count) as visits,
    sum(page_click_days.click_count) as clicks
  from report.page_click_days
  inner join page
    on page.page_code = page_click_days.page_code
  where page_click_days.seen_on >= :period_from
    and page_click_days.seen_on < :period_to
    and (:version is null or page_click_days.version_number = :version)
    and (:device is null or page_click_days.device_class = :device)
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
)

select
  elements.label as element,
  case when visits.visits >= 30 then round(elements.visits / visits.visits, 6) end as click_rate,
  case when visits.visits >= 30 then report.wilson_low(elements.visits, visits.visits) end as low,
  case when visits.visits >= 30 then report.wilson_high(elements.visits, visits.visits) end as high,
  elements.visits::bigint as clicking,
  visits.visits::bigint as visits,
  elements.clicks::bigint as clicks,
  case when visits.clicks >= 30 then round(elements.clicks / visits.clicks, 6) end as click_share,
  visits.clicks::bigint as page_clicks,
  elements.element as element_code
from elements
cross join visits
order by elements.clicks desc, elements.element
limit 40
