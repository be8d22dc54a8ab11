create view report.first_order_days as

select
  first_order_day.day as first_order_on,
  first_order_day.day <= programme.observed_until - 30 as mature,
  first_order_day.customer_count,
  first_order_day.repurchased_30d_count
from app.first_order_day
cross join base.programme
where first_order_day.customer_count > 0;

comment on view report.first_order_days is
  '每日首单 / First orders by day
One row per day on which a known customer placed a first order. By enrolment channel: report.new_customer_days, which reads every customer.';

comment on column report.first_order_days.first_order_on is
  '首单日期 / First order on
Day of the first order.';
comment on column report.first_order_days.mature is
  '已满观察期 / Mature
Whether the first order is at least 30 days old, as far as the facts reach. Rates leave the others out.';
comment on column report.first_order_days.customer_count is
  '新客数 / New customers
Customers whose first order was on that day.';
comment on column report.first_order_days.repurchased_30d_count is
  '30 天内复购客户 / Repurchased within 30 days
Of these, with an order 1 to 30 days after the first.';
