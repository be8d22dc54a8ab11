create view report.share_days as

select
  shares.shared_on,
  shares.channel,
  count(*) as share_count,
  count(*) filter (where shares.led_to_order) as led_count,
  sum(shares.order_amount) as order_amount
from report.shares
group by shares.shared_on, shares.channel;

comment on view report.share_days is
  '每日分享 / Shares by day
One row per programme day and channel with a share. Days without are absent.';

comment on column report.share_days.shared_on is
  '分享日期 / Shared on
Programme day.';
comment on column report.share_days.channel is
  '渠道 / Channel
Where it was shared, as the shop says it; unknown where it does not.';
comment on column report.share_days.share_count is
  '分享次数 / Shares
All of the day.';
comment on column report.share_days.led_count is
  '带来订单的分享 / Shares that led to an order
Of these, by which somebody else ordered, paid or completed by now.';
comment on column report.share_days.order_amount is
  '带来订单金额 / Value of these orders
After discount.';
