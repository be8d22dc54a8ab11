create view report.customer_rfm as

select
  customer_rfm.customer_id,
  customer_rfm.first_order_on,
  customer_rfm.last_order_on,
  customer_rfm.order_count,
  customer_rfm.gross_amount,
  customer_rfm.net_amount,
  customer_rfm.recency_score,
  customer_rfm.frequency_score,
  customer_rfm.monetary_score,
  customer_rfm.rfm_group
from app.customer_rfm;

comment on view report.customer_rfm is
  '客户 RFM / RFM of customers
One row per customer with an order before the latest scoring day.';

comment on column report.customer_rfm.customer_id is
  '客户编号 / Customer
Number of the customer.';
comment on column report.customer_rfm.first_order_on is
  '首次下单 / First order
Day of the first order.';
comment on column report.customer_rfm.last_order_on is
  '最近下单 / Last order
Day of the last order.';
comment on column report.customer_rfm.order_count is
  '累计订单数 / Orders
Orders to date.';
comment on column report.customer_rfm.gross_amount is
  '累计消费 / Gross spend
Order value to date.';
comment on column report.customer_rfm.net_amount is
  '累计净消费 / Net spend
Order value less returns, to date.';
comment on column report.customer_rfm.recency_score is
  'R 得分 / Recency score
1 to 5; 5 = the most recent fifth.';
comment on column report.customer_rfm.frequency_score is
  'F 得分 / Frequency score
1 to 5; 5 = the fifth with the most orders.';
comment on column report.customer_rfm.monetary_score is
  'M 得分 / Monetary score
1 to 5; 5 = the fifth with the highest net spend.';
comment on column report.customer_rfm.rfm_group is
  'RFM 分组编码 / RFM group code
Code of the named group; ''other'' where none fits.';
