/*---
report: 1
title: [每周分享, Shares by week]
describe: ["每周有多少客户分享、分享多少次，其中多少次带来了别人的订单", "How many customers shared each week, how often, and how often somebody else ordered by it"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [分享日期, Shared in] }
columns:
  week_on: { role: time }
  outcome: { role: series, label: [结果, Outcome], labels: { led: [带来订单, Led to an order], other: [未带来订单, Did not] } }
  shares:  { role: measure, metric: share_count }
  sharers: { role: measure, metric: sharers }
  week_sharers: { role: measure, metric: sharers, label: [当周分享客户, Sharers of the week] }
  amount:  { role: measure, metric: share_order_amount }
chart: { kind: stacked, x: week_on, y: shares, color: outcome }
tests: [{ unique: [week_on, outcome] }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with shares as (
  select
    date_trunc('week', shares.shared_on::timestamp)::date as week_on,
    shares.customer_id,
    shares.led_to_order,
    shares.order_amount
  from report.shares
  where shares.shared_on >= :period_from
    and shares.shared_on < :period_to
),

weeks as (
  select
    shares.week_on,
    count(distinct shares.customer_id) as sharers
  from shares
  group by shares.week_on
)

select
  weeks.week_on,
  case when shares.led_to_order then 'led' else 'other' end as outcome,
  count(*) as shares,
  count(distinct shares.customer_id) as sharers,
  weeks.sharers as week_sharers,
  sum(shares.order_amount) as amount
from weeks
inner join shares
  on shares.week_on = weeks.week_on
group by weeks.week_on, shares.led_to_order, weeks.sharers
order by weeks.week_on, shares.led_to_order desc
