/*---
report: 1
title: [各活动的页面点击, Clicks by campaign]
describe: ["活动所属页面的访问、点击、异常和领券", "Visits, clicks, trouble and claims on the pages of each campaign"]
owner: analytics
params:
  period:  { type: daterange, default: last_28d, max: 400d, label: [日期, Period] }
  device:  { type: enum, values: [phone, tablet, desktop], labels: { phone: [手机, Phone], tablet: [平板, Tablet], desktop: [电脑, Desktop] }, label: [设备, Device] }
columns:
  campaign:   { role: category, label: [活动, Campaign] }
  visits:     { role: weight, metric: page_visits }
  clicking:   { role: measure, metric: page_clicking_visits }
  click_rate: { role: measure, metric: page_click_rate }
  low:        { role: measure, metric: page_click_rate, label: [点击率下限, "Click rate, lower end"] }
  high:       { role: measure, metric: page_click_rate, label: [点击率上限, "Click rate, upper end"] }
  clicks:     { role: weight, metric: page_clicks }
  rage:       { role: measure, metric: page_rage_clicks }
  rage_rate:  { role: measure, metric: page_rage_rate }
  dead:       { role: measure, metric: page_dead_clicks }
  dead_rate:  { role: measure, metric: page_dead_rate }
chart: { kind: column, x: campaign, y: click_rate, low: low, high: high }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with summed as (
  select
    page_click_days.campaign_code,
    case when :lang = 'en' then page_click_days.campaign_name_en else page_click_days.campaign_name end as campaign,
    sum(page_click_days.visit_count) as visits,
    sum(page_click_days.clicking_visit_count) as clicking,
    sum(page_click_days.click_count) as clicks,
    sum(page_click_days.rage_count) as rage,
    sum(page_click_days.dead_count) as dead
  from report.page_click_days
  where page_click_days.seen_on >= :period_from
    and page_click_days.seen_on < :period_to
    and (:device is null or page_click_days.device_class = :device)
  group by 1, 2
)

select
  coalesce(summed.campaign, case when :lang = 'en' then 'No campaign' else '不属于活动' end) as campaign,
  summed.visits::bigint as visits,
  summed.clicking::bigint as clicking,
  case when summed.visits >= 30 then round(summed.clicking / summed.visits, 6) end as click_rate,
  case when summed.visits >= 30 then report.wilson_low(summed.clicking, summed.visits) end as low,
  case when summed.visits >= 30 then report.wilson_high(summed.clicking, summed.visits) end as high,
  summed.clicks::bigint as clicks,
  summed.rage::bigint as rage,
  case when summed.clicks >= 30 then round(summed.rage / summed.clicks, 6) end as rage_rate,
  summed.dead::bigint as dead,
  case when summed.clicks >= 30 then round(summed.dead / summed.clicks, 6) end as dead_rate
from summed
order by summed.visits desc, summed.campaign_code
limit 30
