create view report.net_sales_drivers as

with months as (
  select
    date_trunc('month', order_day.day::timestamp)::date as month_on,
    sum(order_day.amount - order_day.returned_amount - order_day.unlinked_returned_amount) as net_amount,
    coalesce(
      sum(order_day.amount - order_day.returned_amount - order_day.unlinked_returned_amount) filter (where order_day.identified), 0
    ) as known_net_amount,
    coalesce(sum(order_day.order_count) filter (where order_day.identified), 0) as known_order_count
  from app.order_day
  group by date_trunc('month', order_day.day::timestamp)
),

factors as (
  select
    months.month_on,
    months.net_amount,
    months.known_net_amount,
    months.known_order_count,
    coalesce(order_period.buyer_count, 0) as buyer_count,
    months.known_order_count / nullif(order_period.buyer_count, 0)::numeric as orders_per_buyer,
    months.known_net_amount / nullif(months.known_order_count, 0) as net_per_order
  from months
  left join app.order_period
    on order_period.grain = 'month'
    and order_period.starts_on = months.month_on
)

select
  now.month_on,
  now.net_amount,
  before.net_amount as previous_net_amount,
  now.net_amount - before.net_amount as net_change,
  now.buyer_count,
  before.buyer_count as previous_buyer_count,
  round(now.orders_per_buyer, 4) as orders_per_buyer,
  round(before.orders_per_buyer, 4) as previous_orders_per_buyer,
  round(now.net_per_order, 2) as net_per_order,
  round(before.net_per_order, 2) as previous_net_per_order,
  effects.each_effect[1] as buyers_effect,
  effects.each_effect[2] as frequency_effect,
  effects.each_effect[3] as order_value_effect,
  case
    when effects.each_effect is not null
      then (now.net_amount - now.known_net_amount) - (before.net_amount - before.known_net_amount)
  end as unknown_effect
from factors as now
left join factors as before
  on before.month_on = (now.month_on - interval '1 month')::date
cross join lateral (
  select report.driver_effects(
    array[before.buyer_count, before.orders_per_buyer, before.net_per_order],
    array[now.buyer_count, now.orders_per_buyer, now.net_per_order],
    before.known_net_amount,
    now.known_net_amount
  ) as each_effect
) as effects;

comment on view report.net_sales_drivers is
  '净销售额的变动因素 / What moved net sales
One row per calendar month with facts: net sales beside the month before, and how much of the change each factor makes up. The four effects add up to the change to the cent.';
comment on column report.net_sales_drivers.month_on is
  '月份 / Month
First day of the month.';
comment on column report.net_sales_drivers.net_amount is
  '净销售额 / Net sales
Order value less what came back, all buyers.';
comment on column report.net_sales_drivers.previous_net_amount is
  '上月净销售额 / Net sales of the month before
The same of the month before; empty: it has no facts.';
comment on column report.net_sales_drivers.net_change is
  '净销售额变动 / Change of net sales
Net sales less those of the month before.';
comment on column report.net_sales_drivers.buyer_count is
  '下单客户数 / Buyers
Known customers with an order in the month.';
comment on column report.net_sales_drivers.previous_buyer_count is
  '上月下单客户数 / Buyers of the month before
The same of the month before.';
comment on column report.net_sales_drivers.orders_per_buyer is
  '人均订单数 / Orders per buyer
Orders of known customers / buyers.';
comment on column report.net_sales_drivers.previous_orders_per_buyer is
  '上月人均订单数 / Orders per buyer of the month before
The same of the month before.';
comment on column report.net_sales_drivers.net_per_order is
  '净客单价（已识别） / Net AOV, known buyers
Net sales of known customers / their orders.';
comment on column report.net_sales_drivers.previous_net_per_order is
  '上月净客单价（已识别） / Net AOV of the month before
The same of the month before.';
comment on column report.net_sales_drivers.buyers_effect is
  '客户数的影响 / Effect of buyers
What the number of buyers makes up of the change (logarithmic mean); empty: cannot be split.';
comment on column report.net_sales_drivers.frequency_effect is
  '人均订单的影响 / Effect of orders per buyer
The same of orders per buyer.';
comment on column report.net_sales_drivers.order_value_effect is
  '客单价的影响 / Effect of order value
The same of net sales per order.';
comment on column report.net_sales_drivers.unknown_effect is
  '未识别客户的影响 / Effect of unknown buyers
What orders without a known buyer and returns of no known order changed.';
