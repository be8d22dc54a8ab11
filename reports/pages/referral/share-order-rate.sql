/*---
report: 1
title: [分享成单率, Shares that led to an order]
describe: ["分享中带来他人订单（已支付或完成）的比例；浅色带是 95% 威尔逊区间，不足 30 次不算比例。转介绍的绑定与奖励另计", "Of the shares, by how many somebody else ordered, paid or completed by now; the ribbon is the 95% Wilson interval. Below 30 there is no rate. Friends bound and rewards of referral are counted elsewhere"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [分享日期, Shared in] }
  grain:  { type: enum, values: [week, month], default: month, label: [周期, By], labels: { week: [按周, Week], month: [按月, Month] } }
columns:
  step_on:   { role: time, label: [周期, Period] }
  rate:      { role: measure, metric: share_order_rate }
  rate_low:  { role: measure, metric: share_order_rate, label: [区间下限, Lower bound] }
  rate_high: { role: measure, metric: share_order_rate, label: [区间上限, Upper bound] }
  led:       { role: measure, metric: shares_with_order }
  shares:    { role: weight, metric: share_count }
chart: { kind: line, x: step_on, y: rate, low: rate_low, high: rate_high }
tests: [{ unique: [step_on] }, { between: { rate: [0, 1] } }]
limits: { rows: 600, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with steps as (
  select
    date_trunc(:grain, share_days.shared_on::timestamp)::date as step_on,
    sum(share_days.led_count) as led,
    sum(share_days.share_count) as shares
  from report.share_days
  where share_days.shared_on >= :period_from
    and share_days.shared_on < :period_to
  group by 1
)

select
  steps.step_on,
  case when steps.shares >= 30 then round(steps.led / steps.shares, 6) end as rate,
  case when steps.shares >= 30 then report.wilson_low(steps.led, steps.shares) end as rate_low,
  case when steps.shares >= 30 then report.wilson_high(steps.led, steps.shares) end as rate_high,
  steps.led::bigint as led,
  steps.shares::bigint as shares
from steps
order by steps.step_on
