/*---
report: 1
title: [进入与离开页面, Entry and exit pages]
describe: ["访问从哪个页面开始、在哪个页面结束", "On which page visits began, and on which they ended"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
columns:
  page:   { role: category }
  place:  { role: series, label: [位置, Place], labels: { entry: [进入, Entry], exit: [离开, Exit] } }
  visits: { role: measure, metric: path_visits }
  page_code: { role: detail, hidden: true }
chart: { kind: column, x: page, y: visits, color: place }
drill: { to: clicks/page-paths, pass: { first: page_code } }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with ends as (
  select
    places.place,
    page_path_days.from_page_code as page_code,
    case when :lang = 'en' then page_path_days.from_page_name_en else page_path_days.from_page_name end as page,
    page_path_days.visit_count
  from report.page_path_days
  inner join (values ('entry'), ('exit')) as places (place)
    on (places.place = 'entry' and page_path_days.step = 1)
    or (places.place = 'exit' and page_path_days.to_page_code is null)
  where page_path_days.visited_on >= :period_from
    and page_path_days.visited_on < :period_to
    and (:device is null or page_path_days.device_class = :device)
)

select
  ends.page,
  ends.place,
  sum(ends.visit_count)::bigint as visits,
  ends.page_code
from ends
group by ends.page, ends.place, ends.page_code
order by max(sum(ends.visit_count)) over (partition by ends.page_code) desc, ends.page_code, ends.place
