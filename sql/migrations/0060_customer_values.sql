-- What customers are expected to buy and spend, and the models that say so.

create table app.value_models (
  as_of_on date primary key,
  customer_count bigint not null,
  repeat_count bigint not null,
  fitted_customers bigint not null,
  r double precision not null,
  alpha double precision not null,
  a double precision not null,
  b double precision not null,
  p double precision,
  q double precision,
  gamma double precision,
  usual_gap_days numeric(10, 2),
  mean_order_value numeric(14, 2),
  check_days integer,
  check_expected numeric(14, 2),
  check_actual bigint,
  computed_at timestamptz not null default now()
);
comment on table app.value_models is
  'Models of buying (BG/NBD: r, alpha, a, b; times in weeks) and spending (Gamma-Gamma: p, q, gamma; empty while nobody bought twice), one for each day that was computed.';
comment on column app.value_models.fitted_customers is 'How many customers they were fitted on: all, or a fixed draw of very many.';
comment on column app.value_models.usual_gap_days is 'Median of the customers'' mean days between purchases.';
comment on column app.value_models.mean_order_value is 'Mean net value of an order after the first.';
comment on column app.value_models.check_expected is
  'Purchases of the last check_days days as a model of what was known before expected them; check_actual is what happened.';

create table app.customer_values (
  customer_id bigint primary key references app.customers on delete cascade,
  as_of_on date not null,
  repeats integer not null check (repeats >= 0),
  last_order_on date not null,
  usual_gap_days numeric(10, 2) not null,
  alive_rate numeric(7, 6) not null check (alive_rate between 0 and 1),
  expected_orders numeric(12, 4) not null check (expected_orders >= 0),
  order_value numeric(14, 2) not null,
  expected_amount numeric(14, 2) not null
);
create index customer_values_amount_idx on app.customer_values (expected_amount desc, customer_id);
create index customer_values_alive_idx on app.customer_values (alive_rate, customer_id);
comment on table app.customer_values is 'One row per customer with an order, as of the latest computed day: the year that is expected of them.';
comment on column app.customer_values.repeats is 'Days with an order after the first.';
comment on column app.customer_values.usual_gap_days is 'Mean days between their purchases; of whoever bought once, what is usual among the others.';
comment on column app.customer_values.expected_orders is 'Days with an order that are expected within the next twelve months.';
comment on column app.customer_values.order_value is 'Expected net value of one of them.';
comment on column app.customer_values.expected_amount is 'Margin of them, discounted by the month to today.';

alter table app.settings
  add column margin_rate numeric(5, 4) not null default 1 check (margin_rate > 0 and margin_rate <= 1),
  add column yearly_discount_rate numeric(5, 4) not null default 0.1 check (yearly_discount_rate >= 0 and yearly_discount_rate <= 1);
comment on column app.settings.margin_rate is 'Share of net sales that counts as the value of a customer; 1 counts the sales themselves.';
comment on column app.settings.yearly_discount_rate is 'What money in a year is worth less than today.';
