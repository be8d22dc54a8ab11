/*---
report: 1
title: [分享达人 TOP10, Top ten sharers]
describe: ["按带来的订单排，其次按金额和分享次数；点“查看明细”看是谁", "By the orders they led to, then by their value and by shares; the details say who it is"]
owner: analytics
params:
  period: { type: daterange, default: last_90d, label: [分享日期, Shared in] }
columns:
  place:       { role: category, label: [名次, Place] }
  customer_no: { role: category, label: [客户编号, Customer no.] }
  led:         { role: measure, metric: shares_with_order, label: [带来订单, Orders] }
  amount:      { role: measure, metric: share_order_amount, label: [订单金额, Order value] }
  shares:      { role: measure, metric: share_count }
  last_on:     { role: time, label: [最近分享, Last shared] }
chart: { kind: table }
drill: { to: "resource:customers", pass: { external_id: customer_no } }
limits: { rows: 10, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with sharers as (
  select
    shares.customer_id,
    shares.customer_no,
    count(*) filter (where shares.led_to_order) as led,
    sum(shares.order_amount) as amount,
    count(*) as shares,
    max(shares.shared_on) as last_on
  from report.shares
  where shares.shared_on >= :period_from
    and shares.shared_on < :period_to
  group by shares.customer_id, shares.customer_no
)

select
  row_number() over (order by sharers.led desc, sharers.amount desc, sharers.shares desc, sharers.customer_id) as place,
  sharers.customer_no,
  sharers.led,
  sharers.amount,
  sharers.shares,
  sharers.last_on
from sharers
order by place
limit 10
