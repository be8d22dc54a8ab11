/*---
report: 1
title: [两个版本对比, Two versions]
describe: ["同一元素在两个版本里的点击率之差，竖线为 95% 区间（Newcombe）；区间不含 0 才说明有差别；不选时对比最新的两个版本", "Difference of an element's click rate between two versions, with its 95% interval (Newcombe): they differ where it leaves out 0. Without a choice, the two newest versions"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
  version: { type: integer, min: 1, label: [基准版本, First version] }
  other:   { type: integer, min: 1, label: [对照版本, Other version] }
columns:
  element:      { role: category }
  difference:   { role: measure, metric: element_difference }
  low:          { role: measure, metric: element_difference, label: [下限, Lower end] }
  high:         { role: measure, metric: element_difference, label: [上限, Upper end] }
  rate:         { role: measure, metric: element_click_rate, label: [基准点击率, Rate in the first] }
  clicking:     { role: measure, metric: element_visits, label: [基准点击访问, Clicked in the first] }
  visits:       { role: weight, metric: page_visits, label: [基准访问, Visits of the first] }
  other_rate:   { role: measure, metric: element_click_rate, label: [对照点击率, Rate in the other] }
  other_clicking: { role: measure, metric: element_visits, label: [对照点击访问, Clicked in the other] }
  other_visits: { role: weight, metric: page_visits, label: [对照访问, Visits of the other] }
  compared:     { role: detail, label: [对比, Compared] }
chart: { kind: column, x: element, y: difference, low: low, high: high }
limits: { rows: 40, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

known as (
  select
    page_click_days.version_number,
    row_number() over (order by page_click_days.version_number desc) as newness
  from report.page_click_days
  inner join page
    on page.page_code = page_click_days.page_code
  where page_click_days.seen_on >= :period_from
    and page_click_days.seen_on < :period_to
  group by page_click_days.version_number
),

chosen as (
  select
    coalesce(:version, max(known.version_number) filter (where known.newness = 2)) as first,
    coalesce(:other, max(known.version_number) filter (where known.newness = 1)) as other
  from known
),

visits as (
  select
    sum(page_click_days.visit_count) filter (where page_click_days.version_number = chosen.first) as first_visits,
    sum(page_click_days.visit_count) filter (where page_click_days.version_number = chosen.other) as other_visits
  from report.page_click_days
  cross join chosen
  inner join page
    on page.page_code = page_click_days.page_code
  where page_click_days.seen_on >= :period_from
    and page_click_days.seen_on < :period_to
    and (:device is null or page_click_days.device_class = :device)
    and page_click_days.version_number in (chosen.first, chosen.other)
),

elements as (
  select
    element_days.element,
    max(case when :lang = 'en' then element_days.element_label_en else element_days.element_label end) as label,
    coalesce(sum(element_days.visit_count) filter (where element_days.version_number = chosen.first), 0) as first_clicking,
    coalesce(sum(element_days.visit_count) filter (where element_days.version_number = chosen.other), 0) as other_clicking
  from report.element_days
  cross join chosen
  inner join page
    on page.page_code = element_days.page_code
  where element_days.clicked_on >= :period_from
    and element_days.clicked_on < :period_to
    and (:device is null or element_days.device_class = :device)
    and element_days.version_number in (chosen.first, chosen.other)
  group by element_days.element
)

select
  elements.label as element,
  round(elements.other_clicking / visits.other_visits - elements.first_clicking / visits.first_visits, 6) as difference,
  report.newcombe_low(elements.other_clicking, visits.other_visits, elements.first_clicking, visits.first_visits) as low,
  report.newcombe_high(elements.other_clicking, visits.other_visits, elements.first_clicking, visits.first_visits) as high,
  round(elements.first_clicking / visits.first_visits, 6) as rate,
  elements.first_clicking::bigint as clicking,
  visits.first_visits::bigint as visits,
  round(elements.other_clicking / visits.other_visits, 6) as other_rate,
  elements.other_clicking::bigint as other_clicking,
  visits.other_visits::bigint as other_visits,
  'v' || chosen.first || ' → v' || chosen.other as compared
from elements
cross join visits
cross join chosen
-- Of fewer than thirty nothing can be said.
where visits.first_visits >= 30
  and visits.other_visits >= 30
order by elements.first_clicking + elements.other_clicking desc, elements.element
limit 40
