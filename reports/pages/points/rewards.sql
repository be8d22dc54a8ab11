/*---
report: 1
title: [兑换商品排行, Rewards redeemed]
describe: ["客户用积分换了什么；只计已确认的兑换", "What customers got for their points; confirmed redemptions only"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [日期, Period] }
columns:
  reward:      { role: category, label: [兑换商品, Reward] }
  kind:        { role: detail, label: [类型, Kind] }
  points:      { role: measure, metric: redeemed_points }
  quantity:    { role: measure, metric: redeemed_rewards }
  redemptions: { role: measure, metric: redemptions }
chart: { kind: column, x: reward, y: points }
limits: { rows: 500, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then reward_days.reward_name_en else reward_days.reward_name end as reward,
  case reward_days.reward_kind
    when 'goods' then case when :lang = 'en' then 'Goods' else '实物' end
    when 'coupon' then case when :lang = 'en' then 'Coupon' else '优惠券' end
    when 'benefit' then case when :lang = 'en' then 'Benefit' else '权益' end
    when 'ticket' then case when :lang = 'en' then 'Lottery ticket' else '抽奖券' end
    else case when :lang = 'en' then 'Partner''s currency' else '合作方积分' end
  end as kind,
  sum(reward_days.points)::bigint as points,
  sum(reward_days.quantity)::bigint as quantity,
  sum(reward_days.redemption_count)::bigint as redemptions
from report.reward_days
where reward_days.redeemed_on >= :period_from
  and reward_days.redeemed_on < :period_to
group by reward_days.reward_code, 1, 2
order by points desc, reward_days.reward_code
