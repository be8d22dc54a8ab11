/*---
report: 1
title: [滚动到达率, Scroll reach]
describe: ["看到页面各深度的访问占比", "Share of visits that saw the page down to each depth"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
columns:
  depth:        { role: category, label: [页面深度 %, "% of the page"] }
  device_class: { role: series }
  reach:        { role: measure, metric: scroll_reach }
  low:          { role: measure, metric: scroll_reach, label: [下限, Lower end] }
  high:         { role: measure, metric: scroll_reach, label: [上限, Upper end] }
  visits:       { role: measure, metric: scroll_visits }
  all_visits:   { role: weight, metric: scrolled_visits }
chart: { kind: line, x: depth, y: reach, color: device_class, low: low, high: high }
limits: { rows: 100, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with page as (
  select report.shown_page(:page, :period_from, :period_to) as page_code
),

depths as (
  select
    scroll_days.device_class,
    scroll_days.depth_tenths,
    sum(scroll_days.visit_count) as visits
  from report.scroll_days
  inner join page
    on page.page_code = scroll_days.page_code
  where scroll_days.seen_on >= :period_from
    and scroll_days.seen_on < :period_to
    and (:version is null or scroll_days.version_number = :version)
  group by 1, 2
),

reached as (
  select
    tenths.depth_tenths,
    depths.device_class,
    coalesce(sum(depths.visits) filter (where depths.depth_tenths >= tenths.depth_tenths), 0) as visits,
    sum(depths.visits) as all_visits
  from depths
  cross join generate_series(0, 10) as tenths (depth_tenths)
  group by 1, 2
)

select
  reached.depth_tenths * 10 as depth,
  reached.device_class,
  round(reached.visits / reached.all_visits, 6) as reach,
  report.wilson_low(reached.visits, reached.all_visits) as low,
  report.wilson_high(reached.visits, reached.all_visits) as high,
  reached.visits::bigint as visits,
  reached.all_visits::bigint as all_visits
from reached
where reached.all_visits >= 30
order by reached.depth_tenths, reached.device_class
