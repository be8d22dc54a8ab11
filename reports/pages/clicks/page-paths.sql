/*---
report: 1
title: [页面路径, Paths between pages]
describe: ["一次访问依次打开了哪些页面，同一页面连续打开计一次；保留访问最多的 50 条路径，其余合并为“其他”；选首个页面可只看从它开始的访问", "Which pages a visit opened one after the other, the same page again once. The 50 paths of most visits are kept, the rest are other; choose a first page to follow the visits that began with it"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
  first:   { type: text, label: [首个页面, First page], options: "select distinct page_code, case when :lang = 'en' then page_name_en else page_name end from report.page_days order by 2" }
columns:
  step:       { role: category }
  from_page:  { role: category, label: [来自, From] }
  to_page:    { role: category, label: [前往, To] }
  visits:     { role: measure, metric: path_visits }
  first_code: { role: detail, label: [页面编码, Page code], hidden: true }
chart: { kind: sankey, x: from_page, y: to_page, value: visits, step: step }
drill: { to: clicks/page-paths, pass: { first: first_code } }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with edges as (
  select
    page_path_days.step,
    page_path_days.from_page_code,
    page_path_days.to_page_code,
    max(case when :lang = 'en' then page_path_days.from_page_name_en else page_path_days.from_page_name end) as from_name,
    max(case when :lang = 'en' then page_path_days.to_page_name_en else page_path_days.to_page_name end) as to_name,
    sum(page_path_days.visit_count) as visits
  from report.page_path_days
  where page_path_days.visited_on >= :period_from
    and page_path_days.visited_on < :period_to
    and (:device is null or page_path_days.device_class = :device)
    and (:first is null or page_path_days.first_page_code = :first)
    and page_path_days.step <= 5
  group by 1, 2, 3
),

ranked as (
  select
    edges.*,
    row_number() over (order by edges.visits desc, edges.step, edges.from_page_code, edges.to_page_code) > 50 as rest
  from edges
)

select
  ranked.step,
  case when ranked.rest then case when :lang = 'en' then 'Other' else '其他' end else ranked.from_name end as from_page,
  case
    when ranked.rest then case when :lang = 'en' then 'Other' else '其他' end
    when ranked.to_page_code is null then case when :lang = 'en' then 'Left' else '离开' end
    else ranked.to_name
  end as to_page,
  sum(ranked.visits)::bigint as visits,
  case when not ranked.rest then coalesce(ranked.to_page_code, ranked.from_page_code) end as first_code
from ranked
group by ranked.step, ranked.rest, 2, 3, 5
order by ranked.step, ranked.rest, bool_or(ranked.to_page_code is null), 4 desc, 2, 3
