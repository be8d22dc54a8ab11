/*---
report: 1
title: [每步流失, Drop-off by step]
describe: ["打开页面为第 1 步，之后每点击一个不同的元素前进一步；流失是到这一步后再没有点击", "Opening the page is step 1, each click on another element leads to the next; drop-off is nothing clicked after it"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
  first:   { type: text, label: [首个点击, First click], options: "select distinct element, case when :lang = 'en' then element_label_en else element_label end from report.element_days order by 2 limit 500" }
columns:
  step:     { role: category }
  reached:  { role: weight, metric: path_visits }
  left:     { role: measure, metric: path_left }
  drop_off: { role: measure, metric: path_drop_off }
  low:      { role: measure, metric: path_drop_off, label: [流失率下限, "Drop-off, lower end"] }
  high:     { role: measure, metric: path_drop_off, label: [流失率上限, "Drop-off, upper end"] }
chart: { kind: combo, x: step, y: reached, line: drop_off }
limits: { rows: 20, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

steps as (
  select
    element_path_days.step,
    sum(element_path_days.visit_count) as reached,
    coalesce(sum(element_path_days.visit_count) filter (where element_path_days.to_element is null), 0) as left_count
  from report.element_path_days
  inner join page
    on page.page_code = element_path_days.page_code
  where element_path_days.visited_on >= :period_from
    and element_path_days.visited_on < :period_to
    and (:version is null or element_path_days.version_number = :version)
    and (:device is null or element_path_days.device_class = :device)
    and (:first is null or element_path_days.first_element = :first)
    and element_path_days.step <= 5
  group by 1
)

select
  steps.step,
  steps.reached::bigint as reached,
  steps.left_count::bigint as "left",
  -- Of fewer than thirty nothing can be said.
  case when steps.reached >= 30 then round(steps.left_count / steps.reached, 6) end as drop_off,
  case when steps.reached >= 30 then report.wilson_low(steps.left_count, steps.reached) end as low,
  case when steps.reached >= 30 then report.wilson_high(steps.left_count, steps.reached) end as high
from steps
order by steps.step
