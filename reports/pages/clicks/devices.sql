/*---
report: 1
title: [设备分布, Devices]
describe: ["各类设备的访问、点击和点击率", "Visits, clicks and click rate by class of device"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  page:    { type: text, label: [页面, Page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
  version: { type: integer, min: 1, label: [版本, Version] }
columns:
  device_class: { role: category }
  visits:       { role: weight, metric: page_visits }
  clicking:     { role: measure, metric: page_clicking_visits }
  click_rate:   { role: measure, metric: page_click_rate }
  clicks:       { role: weight, metric: page_clicks }
  rage:         { role: measure, metric: page_rage_clicks }
  rage_rate:    { role: measure, metric: page_rage_rate }
  dead:         { role: measure, metric: page_dead_clicks }
  dead_rate:    { role: measure, metric: page_dead_rate }
chart: { kind: combo, x: device_class, y: visits, line: click_rate }
drill: { to: clicks/elements, pass: { device: device_class } }
limits: { rows: 10, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with summed as (
  select
    page_click_days.device_class,
    sum(page_click_days.visit_count) as visits,
    sum(page_click_days.clicking_visit_count) as clicking,
    sum(page_click_days.click_count) as clicks,
    sum(page_click_days.rage_count) as rage,
    sum(page_click_days.dead_count) as dead
  from report.page_click_days
  where page_click_days.seen_on >= :period_from
    and page_click_days.seen_on < :period_to
    and (:page is null or page_click_days.page_code = :page)
    and (:version is null or page_click_days.version_number = :version)
  group by 1
)

select
  summed.device_class,
  summed.visits::bigint as visits,
  summed.clicking::bigint as clicking,
  case when summed.visits >= 30 then round(summed.clicking / summed.visits, 6) end as click_rate,
  summed.clicks::bigint as clicks,
  summed.rage::bigint as rage,
  case when summed.clicks >= 30 then round(summed.rage / summed.clicks, 6) end as rage_rate,
  summed.dead::bigint as dead,
  case when summed.clicks >= 30 then round(summed.dead / summed.clicks, 6) end as dead_rate
from summed
order by summed.visits desc, summed.device_class
