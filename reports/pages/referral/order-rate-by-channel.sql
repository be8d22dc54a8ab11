/*---
report: 1
title: [各渠道分享成单率, Order rate of shares by channel]
describe: ["各渠道的分享中带来他人订单的比例；细线是 95% 威尔逊区间，不足 30 次的渠道不算比例", "Of the shares in each channel, by how many somebody else ordered; the thin line is the 95% Wilson interval. Channels of fewer than 30 shares have no rate"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [分享日期, Shared in] }
columns:
  share_channel: { role: category, label: [渠道, Channel], labels: { app: [App, App], mini_program: [小程序, Mini program], web: [网页, Web], unknown: [未知, Unknown] } }
  rate:      { role: measure, metric: share_order_rate }
  rate_low:  { role: measure, metric: share_order_rate, label: [区间下限, Lower bound] }
  rate_high: { role: measure, metric: share_order_rate, label: [区间上限, Upper bound] }
  led:       { role: measure, metric: shares_with_order }
  shares:    { role: weight, metric: share_count }
chart: { kind: column, x: share_channel, y: rate, low: rate_low, high: rate_high }
tests: [{ unique: [share_channel] }, { between: { rate: [0, 1] } }]
limits: { rows: 50, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with channels as (
  select
    share_days.channel,
    sum(share_days.led_count) as led,
    sum(share_days.share_count) as shares
  from report.share_days
  where share_days.shared_on >= :period_from
    and share_days.shared_on < :period_to
  group by share_days.channel
)

select
  channels.channel as share_channel,
  case when channels.shares >= 30 then round(channels.led / channels.shares, 6) end as rate,
  case when channels.shares >= 30 then report.wilson_low(channels.led, channels.shares) end as rate_low,
  case when channels.shares >= 30 then report.wilson_high(channels.led, channels.shares) end as rate_high,
  channels.led::bigint as led,
  channels.shares::bigint as shares
from channels
order by channels.shares desc, channels.channel
limit 50
