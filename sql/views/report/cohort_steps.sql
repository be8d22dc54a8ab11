create view report.cohort_steps as

select
  cohort_steps.kind,
  cohort_steps.cohort_on,
  cohort_steps.step,
  cohort_steps.as_of_on,
  cohort_steps.cohort_count,
  cohort_steps.customer_count,
  cohort_steps.buyer_count,
  cohort_steps.net_amount,
  cohort_steps.mature
from app.cohort_steps;

comment on view report.cohort_steps is
  '同期群 / Cohorts
One row per way of counting, month of first orders and step after it, of the last two years.';

comment on column report.cohort_steps.kind is
  '口径 / Way of counting
days: thirty days at a time after each customer''s own first order; months: calendar months after that of the first order.';
comment on column report.cohort_steps.cohort_on is
  '首单月份 / Month of first orders
First day of the month.';
comment on column report.cohort_steps.step is
  '第几期 / Step
days: 1 is day 1 to 30 after the first order; months: 0 is the month itself.';
comment on column report.cohort_steps.as_of_on is
  '计算日期 / As of
Orders strictly before this day are known.';
comment on column report.cohort_steps.cohort_count is
  '同期群客户 / Customers of the cohort
Customers whose first order was in the month.';
comment on column report.cohort_steps.customer_count is
  '已满期客户 / Customers reached
Of these, for whom the step is over (days), or all (months).';
comment on column report.cohort_steps.buyer_count is
  '期内下单客户 / Buyers of the step
Of the customers reached, how many ordered in the step.';
comment on column report.cohort_steps.net_amount is
  '期内净消费 / Net spend of the step
What the customers reached spent in the step, less what they returned in it.';
comment on column report.cohort_steps.mature is
  '已满期 / Mature
Whether the step is over for the whole cohort. Rates leave the others out.';
