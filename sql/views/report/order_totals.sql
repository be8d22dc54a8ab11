create view report.order_totals as

with orders as (
  select
    sum(order_day.order_count) as order_count,
    sum(order_day.amount) as gross_amount,
    sum(order_day.returned_amount) as returned_amount,
    sum(order_day.unlinked_returned_amount) as unlinked_returned_amount
  from app.order_day
),

buyers as (
  select
    customer_day.customer_id,
    sum(customer_day.order_count) as order_count
  from app.customer_day
  where customer_day.order_count > 0
  group by customer_day.customer_id
),

buyer_counts as (
  select
    count(*) as buyer_count,
    count(*) filter (where buyers.order_count >= 2) as repeat_buyer_count
  from buyers
),

starts as (
  select
    coalesce(sum(first_order_day.customer_count), 0)::bigint as mature_new_customer_count,
    coalesce(sum(first_order_day.repurchased_30d_count), 0)::bigint as repurchased_30d_count
  from app.first_order_day
  cross join base.programme
  where first_order_day.day <= programme.observed_until - 30
)

select
  programme.observed_until,
  coalesce(orders.order_count, 0)::bigint as order_count,
  coalesce(orders.gross_amount, 0) as gross_amount,
  coalesce(orders.gross_amount - orders.returned_amount - orders.unlinked_returned_amount, 0) as net_amount,
  buyer_counts.buyer_count,
  buyer_counts.repeat_buyer_count,
  starts.mature_new_customer_count,
  starts.repurchased_30d_count
from orders
cross join buyer_counts
cross join starts
cross join base.programme;

comment on view report.order_totals is
  '订单总览 / Orders in all
One row: everything up to the end of the facts.';

comment on column report.order_totals.observed_until is
  '数据截至 / Observed until
First day that has not been observed whole.';
comment on column report.order_totals.order_count is
  '订单数 / Orders
Orders, cancelled ones left out.';
comment on column report.order_totals.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_totals.net_amount is
  '净销售额 / Net sales
Order value less returns.';
comment on column report.order_totals.buyer_count is
  '下单客户数 / Customers with an order
Known customers with an order.';
comment on column report.order_totals.repeat_buyer_count is
  '复购客户数 / Repeat customers
Of these, with two or more.';
comment on column report.order_totals.mature_new_customer_count is
  '已满观察期客户 / Mature customers
Known customers whose first order is at least 30 days old.';
comment on column report.order_totals.repurchased_30d_count is
  '30 天内复购客户 / Repurchased within 30 days
Of these, with an order 1 to 30 days after the first.';
