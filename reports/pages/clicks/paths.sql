/*---
report: 1
title: [点击路径, Click paths]
describe: ["打开页面后依次点击了什么，同一元素连续点击计一次；保留访问最多的 50 条路径，其余合并为“其他”；选首个点击可只看从它开始的访问", "What was clicked after what, the same element again once. The 50 paths of most visits are kept, the rest are other; choose a first click to follow the visits that began with it"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
  first:   { type: text, label: [首个点击, First click], options: "select distinct element, case when :lang = 'en' then element_label_en else element_label end from report.element_days order by 2 limit 500" }
columns:
  step:         { role: category }
  from_element: { role: category, label: [来自, From] }
  to_element:   { role: category, label: [前往, To] }
  visits:       { role: measure, metric: path_visits }
  first_code:   { role: detail, label: [元素编码, Element code], hidden: true }
chart: { kind: sankey, x: from_element, y: to_element, value: visits, step: step }
drill: { to: clicks/paths, pass: { first: first_code } }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

edges as (
  select
    element_path_days.step,
    element_path_days.from_element,
    element_path_days.to_element,
    max(case when :lang = 'en' then element_path_days.from_label_en else element_path_days.from_label end) as from_label,
    max(case when :lang = 'en' then element_path_days.to_label_en else element_path_days.to_label end) as to_label,
    sum(element_path_days.visit_count) as visits
  from report.element_path_days
  inner join page
    on page.page_code = element_path_days.page_code
  where element_path_days.visited_on >= :period_from
    and element_path_days.visited_on < :period_to
    and (:version is null or element_path_days.version_number = :version)
    and (:device is null or element_path_days.device_class = :device)
    and (:first is null or element_path_days.first_element = :first)
    and element_path_days.step <= 5
  group by 1, 2, 3
),

ranked as (
  select
    edges.*,
    row_number() over (order by edges.visits desc, edges.step, edges.from_element, edges.to_element) > 50 as rest
  from edges
)

select
  ranked.step,
  case
    when ranked.rest then case when :lang = 'en' then 'Other' else '其他' end
    when ranked.from_element is null then case when :lang = 'en' then 'Opened' else '打开页面' end
    else ranked.from_label
  end as from_element,
  case
    when ranked.rest then case when :lang = 'en' then 'Other' else '其他' end
    when ranked.to_element is null then case when :lang = 'en' then 'Left' else '离开' end
    else ranked.to_label
  end as to_element,
  sum(ranked.visits)::bigint as visits,
  -- Where a click leads: the visits that began with it.
  case when not ranked.rest then coalesce(ranked.to_element, ranked.from_element) end as first_code
from ranked
group by ranked.step, ranked.rest, 2, 3, 5
order by ranked.step, ranked.rest, bool_or(ranked.to_element is null), 4 desc, 2, 3
