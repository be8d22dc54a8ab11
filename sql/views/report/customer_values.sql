create view report.customer_values as

select
  customer_values.customer_id,
  customer_values.as_of_on,
  customer_values.repeats,
  customer_values.last_order_on,
  customer_values.quiet_days,
  customer_values.usual_gap_days,
  customer_values.alive_rate,
  customer_values.expected_orders,
  customer_values.order_value,
  customer_values.expected_amount,
  customer_values.churn_risk,
  customer_values.churn_reason,
  customer_values.suggested_action
from base.customer_values;

comment on view report.customer_values is
  '客户价值 / Customer value
One row per customer with an order, as of the latest computed day.';

comment on column report.customer_values.customer_id is
  '客户编号 / Customer
Number of the customer.';
comment on column report.customer_values.as_of_on is
  '计算日期 / As of
Orders strictly before this day are known.';
comment on column report.customer_values.repeats is
  '复购次数 / Repeat orders
Days with an order after the first.';
comment on column report.customer_values.last_order_on is
  '最近下单 / Last order
Day of the last order.';
comment on column report.customer_values.quiet_days is
  '沉默天数 / Days since
Days from the last order to the computed day.';
comment on column report.customer_values.usual_gap_days is
  '往常间隔 / Usual gap
Mean days between their orders; of whoever bought once, the median of the others.';
comment on column report.customer_values.alive_rate is
  '活跃概率 / Chance of being active
BG/NBD: chance that they still buy, 0 to 1; 1 for whoever bought once.';
comment on column report.customer_values.expected_orders is
  '预计订单 / Expected orders
Days with an order within the next twelve months.';
comment on column report.customer_values.order_value is
  '预计单均净额 / Expected order value
Gamma-Gamma: mean net value of one of their orders.';
comment on column report.customer_values.expected_amount is
  '12 个月价值 / Value of 12 months
Margin of the expected orders, discounted by the month.';
comment on column report.customer_values.churn_risk is
  '流失风险 / Churn risk
low, medium or high.';
comment on column report.customer_values.churn_reason is
  '原因 / Reason
in_rhythm, longer_than_usual or one_order.';
comment on column report.customer_values.suggested_action is
  '建议动作 / Suggested action
none, message, coupon or contact.';
