/*---
report: 1
title: [最近的低分评价, Latest low ratings]
describe: ["从最近的开始，最多 100 条；点“查看明细”看客户写了什么", "The newest first, 100 at most; the details say what was written and by whom"]
owner: analytics
params:
  period: { type: daterange, default: last_90d, label: [评价日期, Reviewed in] }
  rating: { type: integer, min: 1, max: 5, default: 2, label: [不高于, At most] }
columns:
  day:      { role: time, label: [评价日期, Reviewed on] }
  rating:   { role: measure, metric: review_rating }
  product:  { role: category, label: [商品, Product] }
  category: { role: detail, label: [品类, Category] }
  review_channel: { role: detail, label: [渠道, Channel], labels: { app: [App, App], mini_program: [小程序, Mini program], web: [网页, Web], unknown: [未知, Unknown] } }
  source:   { role: detail, hidden: true, label: [数据来源, Source] }
  event_no: { role: detail, hidden: true, label: [行为编号, Event no.] }
chart: { kind: table }
drill: { to: "resource:events", pass: { source: source, external_id: event_no } }
limits: { rows: 100, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  reviews.reviewed_on as day,
  reviews.rating,
  reviews.product_name as product,
  reviews.category,
  reviews.channel as review_channel,
  reviews.source,
  reviews.event_no
from report.reviews
where reviews.reviewed_on >= :period_from
  and reviews.reviewed_on < :period_to
  and reviews.rating <= :rating
order by reviews.reviewed_on desc, reviews.event_id desc
limit 100
