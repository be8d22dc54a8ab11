create view report.new_customer_days as

select
  customer_start.first_order_on,
  customers.channel as enrolment_channel,
  customer_start.first_order_on <= programme.observed_until - 30 as mature,
  count(*) as customer_count,
  count(*) filter (where customer_start.second_order_on <= customer_start.first_order_on + 30) as repurchased_30d_count
from app.customer_start
inner join base.customers
  on customers.id = customer_start.customer_id
cross join base.programme
group by customer_start.first_order_on, customers.channel, programme.observed_until;

comment on view report.new_customer_days is
  '每日新客 / New customers by day
One row per day on which a known customer placed a first order, by enrolment channel.';

comment on column report.new_customer_days.first_order_on is
  '首单日期 / First order on
Day of the first order.';
comment on column report.new_customer_days.enrolment_channel is
  '入会渠道 / Enrolment channel
How the customers came in.';
comment on column report.new_customer_days.mature is
  '已满观察期 / Mature
Whether the first order is at least 30 days old, as far as the facts reach. Rates leave the others out.';
comment on column report.new_customer_days.customer_count is
  '新客数 / New customers
Customers whose first order was on that day.';
comment on column report.new_customer_days.repurchased_30d_count is
  '30 天内复购客户 / Repurchased within 30 days
Of these, with an order 1 to 30 days after the first.';
