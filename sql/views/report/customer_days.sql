create view report.customer_days as

select
  customer_day.customer_id,
  customer_day.day,
  customer_day.order_count,
  customer_day.amount as gross_amount,
  customer_day.returned_amount,
  customers.province,
  customers.channel as enrolment_channel
from app.customer_day
inner join base.customers
  on customers.id = customer_day.customer_id;

comment on view report.customer_days is
  '客户每日消费 / Customers by day
One row per known customer and day with an order placed or a return made.';

comment on column report.customer_days.customer_id is
  '客户编号 / Customer
Number of the customer.';
comment on column report.customer_days.day is
  '日期 / Date
Programme day.';
comment on column report.customer_days.order_count is
  '订单数 / Orders
Orders placed that day, cancelled ones left out.';
comment on column report.customer_days.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
comment on column report.customer_days.returned_amount is
  '退货金额 / Returned
What the customer returned that day, of whatever order.';
comment on column report.customer_days.province is
  '省份 / Province
Province, as it is now.';
comment on column report.customer_days.enrolment_channel is
  '入会渠道 / Enrolment channel
How the customer came in.';
