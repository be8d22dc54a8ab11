-- What customers did after their first order, by the month of it; written each night.

create table app.cohort_steps (
  kind text not null check (kind in ('days', 'months')),
  cohort_on date not null,
  step integer not null check (step >= 0),
  as_of_on date not null,
  cohort_count bigint not null,
  customer_count bigint not null,
  buyer_count bigint not null,
  net_amount numeric(16, 2) not null,
  mature boolean not null,
  primary key (kind, cohort_on, step)
);
comment on table app.cohort_steps is
  'One row per month of first orders and step after it. days: the step-th thirty days after each customer''s own first order; months: the step-th calendar month after that month, 0 itself.';
comment on column app.cohort_steps.cohort_count is 'Customers whose first order was in the month.';
comment on column app.cohort_steps.customer_count is 'Of these, whom the step has reached: of days, whose own step is over; of months, all.';
comment on column app.cohort_steps.buyer_count is 'Of customer_count, how many ordered in the step.';
comment on column app.cohort_steps.net_amount is 'What customer_count spent in the step, less what they returned in it.';
comment on column app.cohort_steps.mature is 'Whether the step is over for the whole cohort.';
