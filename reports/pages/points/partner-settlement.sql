/*---
report: 1
title: [合作方结算, Settlement with partners]
describe: ["每月应与各合作方结算的金额；取消的兑换不计", "What is due to each partner for a month; cancelled redemptions are left out"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
columns:
  month_on:   { role: time }
  partner:    { role: series, label: [合作方, Partner] }
  settlement: { role: measure, metric: partner_settlement }
  units:      { role: measure, metric: partner_units }
  unit:       { role: detail, label: [单位, Unit] }
  points:     { role: measure, metric: redeemed_points }
chart: { kind: stacked, x: month_on, y: settlement, color: partner }
limits: { rows: 2000, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  date_trunc('month', reward_days.redeemed_on::timestamp)::date as month_on,
  reward_days.partner,
  sum(reward_days.settlement_amount) as settlement,
  sum(reward_days.partner_units)::bigint as units,
  reward_days.partner_unit as unit,
  sum(reward_days.points)::bigint as points
from report.reward_days
where reward_days.reward_kind = 'partner'
  and reward_days.redeemed_on >= :period_from
  and reward_days.redeemed_on < :period_to
group by 1, reward_days.partner, reward_days.partner_unit
order by 1, reward_days.partner, reward_days.partner_unit
