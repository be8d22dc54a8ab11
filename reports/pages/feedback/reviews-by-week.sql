/*---
report: 1
title: [每周评价, Reviews by week]
describe: ["每周收到多少条评价，其中多少条是 1–2 分", "How many reviews came in each week, and how many of them gave 1 or 2"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [评价日期, Reviewed in] }
  channel:
    type: text
    many: true
    label: [渠道, Channel]
    options: "select distinct channel, case channel when 'app' then 'App' when 'mini_program' then case when :lang = 'en' then 'Mini program' else '小程序' end when 'web' then case when :lang = 'en' then 'Web' else '网页' end when 'unknown' then case when :lang = 'en' then 'Unknown' else '未知' end else channel end from report.review_days order by 2"
columns:
  week_on: { role: time }
  reviews: { role: measure, metric: review_count }
  rated:   { role: measure, metric: rated_reviews }
  low:     { role: measure, metric: low_reviews }
chart: { kind: column, x: week_on, y: reviews }
tests: [{ unique: [week_on] }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  date_trunc('week', review_days.reviewed_on::timestamp)::date as week_on,
  sum(review_days.review_count)::bigint as reviews,
  sum(review_days.rated_count)::bigint as rated,
  sum(review_days.low_count)::bigint as low
from report.review_days
where review_days.reviewed_on >= :period_from
  and review_days.reviewed_on < :period_to
  and (:channel is null or review_days.channel = any(:channel))
group by 1
order by 1
