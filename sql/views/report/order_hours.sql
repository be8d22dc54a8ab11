create view report.order_hours as

select
  orders.placed_on as day,
  extract(isodow from orders.placed_on)::integer as weekday,
  extract(hour from orders.placed_at at time zone programme.time_zone)::integer as hour,
  orders.channel,
  count(*) as order_count,
  sum(orders.amount) as gross_amount
from app.orders
cross join base.programme
where orders.status <> 'cancelled'
group by 1, 2, 3, 4;

comment on view report.order_hours is
  '每小时订单 / Orders by hour
One row per programme day, hour and channel with orders. Reads the orders themselves: bound the days.';

comment on column report.order_hours.day is
  '日期 / Date
Programme day.';
comment on column report.order_hours.weekday is
  '星期 / Weekday
1 Monday to 7 Sunday.';
comment on column report.order_hours.hour is
  '小时 / Hour
0 to 23, the programme''s time.';
comment on column report.order_hours.channel is
  '渠道 / Channel
online or store.';
comment on column report.order_hours.order_count is
  '订单数 / Orders
Orders placed in that hour, cancelled ones left out.';
comment on column report.order_hours.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
