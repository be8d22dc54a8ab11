create view report.order_months as

with months as (
  select
    date_trunc('month', order_day.day::timestamp)::date as month_on,
    sum(order_day.order_count) as order_count,
    sum(order_day.amount) as gross_amount,
    sum(order_day.returned_amount) as returned_amount,
    sum(order_day.unlinked_returned_amount) as unlinked_returned_amount,
    sum(order_day.order_count) filter (where order_day.identified) as identified_order_count
  from app.order_day
  group by date_trunc('month', order_day.day::timestamp)
),

starts as (
  select
    date_trunc('month', first_order_day.day::timestamp)::date as month_on,
    sum(first_order_day.customer_count)::bigint as new_customer_count,
    coalesce(sum(first_order_day.customer_count) filter (where first_order_day.day <= programme.observed_until - 30), 0)::bigint
      as mature_new_customer_count,
    coalesce(sum(first_order_day.repurchased_30d_count) filter (where first_order_day.day <= programme.observed_until - 30), 0)::bigint
      as repurchased_30d_count
  from app.first_order_day
  cross join base.programme
  group by date_trunc('month', first_order_day.day::timestamp)
)

select
  months.month_on,
  (months.month_on + interval '1 month')::date > programme.observed_until as partial,
  months.order_count::bigint as order_count,
  coalesce(months.identified_order_count, 0)::bigint as identified_order_count,
  months.gross_amount,
  months.returned_amount,
  months.unlinked_returned_amount,
  months.gross_amount - months.returned_amount - months.unlinked_returned_amount as net_amount,
  round(months.gross_amount / nullif(months.order_count, 0), 2) as aov_gross,
  round((months.gross_amount - months.returned_amount - months.unlinked_returned_amount) / nullif(months.order_count, 0), 2) as aov_net,
  coalesce(order_period.buyer_count, 0) as buyer_count,
  coalesce(order_period.repeat_buyer_count, 0) as repeat_buyer_count,
  round(order_period.repeat_buyer_count::numeric / nullif(order_period.buyer_count, 0), 6) as repurchase_rate,
  coalesce(starts.new_customer_count, 0) as new_customer_count,
  coalesce(starts.mature_new_customer_count, 0) as mature_new_customer_count,
  coalesce(starts.repurchased_30d_count, 0) as repurchased_30d_count,
  round(starts.repurchased_30d_count::numeric / nullif(starts.mature_new_customer_count, 0), 6) as new_customer_repurchase_rate
from months
cross join base.programme
left join starts
  on starts.month_on = months.month_on
left join app.order_period
  on order_period.grain = 'month'
  and order_period.starts_on = months.month_on;

comment on view report.order_months is
  '每月订单与复购 / Orders and repurchase by month
One row per calendar month with facts. Sums over all buyers; customer counts over known ones. Rates are left to be divided: ratio of sums.';

comment on column report.order_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.order_months.partial is
  '未满整月 / Partial
Whether the month has not been observed whole.';
comment on column report.order_months.order_count is
  '订单数 / Orders
Orders placed in the month, cancelled ones left out.';
comment on column report.order_months.identified_order_count is
  '已识别客户订单数 / Orders of known customers
Of these, of known customers.';
comment on column report.order_months.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_months.returned_amount is
  '退货金额 / Returned
What came back of these orders, whenever that was.';
comment on column report.order_months.unlinked_returned_amount is
  '未关联退货 / Unlinked returns
Returns made in the month that name no known order.';
comment on column report.order_months.net_amount is
  '净销售额 / Net sales
Order value less both kinds of returns.';
comment on column report.order_months.aov_gross is
  '客单价 / AOV
Order value / orders.';
comment on column report.order_months.aov_net is
  '净客单价 / Net AOV
Net sales / orders.';
comment on column report.order_months.buyer_count is
  '下单客户数 / Active customers
Known customers with an order in the month.';
comment on column report.order_months.repeat_buyer_count is
  '复购客户数 / Repeat customers
Of these, with two or more.';
comment on column report.order_months.repurchase_rate is
  '复购率 / Repurchase rate
Repeat customers / active customers of the month.';
comment on column report.order_months.new_customer_count is
  '新客数 / New customers
Known customers whose first order was in the month.';
comment on column report.order_months.mature_new_customer_count is
  '已满观察期新客 / Mature new customers
Of these, with a first order at least 30 days old.';
comment on column report.order_months.repurchased_30d_count is
  '30 天内复购新客 / Repurchased within 30 days
Mature new customers with an order 1 to 30 days after the first.';
comment on column report.order_months.new_customer_repurchase_rate is
  '新客 30 天复购率 / New-customer 30-day repurchase
Repurchased within 30 days / mature new customers; empty while none is mature.';
