/*---
report: 1
title: [元素内点击热力, Clicks within an element]
describe: ["元素的宽和高各分 20 份，颜色越深点击越多；只含已结束的周，少于 3 次访问的格子不显示；不选元素时看点击最多的", "Width and height of an element in twentieths, the darker the more clicks. Weeks that are over; cells of fewer than 3 visits are left out. Without a choice, the element clicked most"]
owner: analytics
params:
  period:  { type: daterange, default: last_12w, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
  element: { type: text, label: [元素, Element], options: "select distinct element, case when :lang = 'en' then element_label_en else element_label end from report.element_days order by 2 limit 500" }
columns:
  across:  { role: category, label: [距左边 %, "% from the left"] }
  down:    { role: category, label: [距上边 %, "% from the top"] }
  clicks:  { role: measure, metric: element_clicks }
  dead:    { role: measure, metric: page_dead_clicks }
  element: { role: detail }
chart: { kind: heatmap, x: across, y: down, value: clicks }
limits: { rows: 400, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

cells as (
  select
    click_cell_weeks.element,
    case when :lang = 'en' then click_cell_weeks.element_label_en else click_cell_weeks.element_label end as label,
    click_cell_weeks.cell_x,
    click_cell_weeks.cell_y,
    click_cell_weeks.click_count,
    click_cell_weeks.dead_count
  from report.click_cell_weeks
  inner join page
    on page.page_code = click_cell_weeks.page_code
  where click_cell_weeks.grid = 20
    and click_cell_weeks.week_on >= :period_from
    and click_cell_weeks.week_on < :period_to
    and (:version is null or click_cell_weeks.version_number = :version)
    and (:device is null or click_cell_weeks.device_class = :device)
    and (:element is null or click_cell_weeks.element = :element)
),

chosen as (
  select
    cells.element,
    max(cells.label) as label
  from cells
  group by cells.element
  order by sum(cells.click_count) desc, cells.element
  limit 1
)

select
  columns.place * 5 as across,
  rows.place * 5 as down,
  sum(cells.click_count)::bigint as clicks,
  sum(cells.dead_count)::bigint as dead,
  chosen.label as element
from chosen
cross join generate_series(0, 19) as columns (place)
cross join generate_series(0, 19) as rows (place)
left join cells
  on cells.element = chosen.element
  and cells.cell_x = columns.place
  and cells.cell_y = rows.place
group by columns.place, rows.place, chosen.label
order by rows.place, columns.place
