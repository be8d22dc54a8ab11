create view report.order_days as

select
  order_day.day,
  order_day.channel,
  order_day.identified,
  order_day.order_count,
  order_day.amount as gross_amount,
  order_day.returned_amount,
  order_day.unlinked_returned_amount,
  order_day.amount - order_day.returned_amount - order_day.unlinked_returned_amount as net_amount
from app.order_day;

comment on view report.order_days is
  '每日订单 / Orders by day
One row per programme day, channel and whether the buyer is known. Days without facts are absent. Channel ''unknown'' holds returns that name no known order.';

comment on column report.order_days.day is
  '日期 / Date
Programme day.';
comment on column report.order_days.channel is
  '渠道 / Channel
online, store, or unknown.';
comment on column report.order_days.identified is
  '已识别客户 / Known buyer
Whether the buyer is a known customer.';
comment on column report.order_days.order_count is
  '订单数 / Orders
Orders placed that day, cancelled ones left out.';
comment on column report.order_days.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_days.returned_amount is
  '退货金额 / Returned
What came back of these orders, whenever that was.';
comment on column report.order_days.unlinked_returned_amount is
  '未关联退货 / Unlinked returns
Returns made that day that name no known order.';
comment on column report.order_days.net_amount is
  '净销售额 / Net sales
Order value less both kinds of returns.';
