-- What is bought together, groups of customers who are alike, and what the next weeks bring; each written by its job.

create table app.product_pairs (
  product_id bigint not null references app.products on delete cascade,
  other_id bigint not null references app.products on delete cascade,
  as_of_on date not null,
  from_on date not null,
  basket_count bigint not null,
  product_count bigint not null,
  other_count bigint not null,
  pair_count bigint not null check (pair_count > 0),
  primary key (product_id, other_id),
  check (product_id < other_id)
);
create index product_pairs_other_id_idx on app.product_pairs (other_id);
comment on table app.product_pairs is
  'One row per two products that enough orders of the latest window hold both of; the lower number first.';
comment on column app.product_pairs.from_on is 'First day of the window; as_of_on is the first one after it.';
comment on column app.product_pairs.basket_count is 'Orders of the window with known products, very long ones left out.';
comment on column app.product_pairs.product_count is 'Of these, how many hold the product; other_count: the other.';
comment on column app.product_pairs.pair_count is 'Of these, how many hold both.';

create table app.cluster_models (
  as_of_on date primary key,
  cluster_count integer not null check (cluster_count >= 1),
  customer_count bigint not null,
  fitted_customers bigint not null,
  explained_rate numeric(7, 6) not null check (explained_rate between 0 and 1),
  recency_mean double precision not null,
  recency_deviation double precision not null,
  frequency_mean double precision not null,
  frequency_deviation double precision not null,
  monetary_mean double precision not null,
  monetary_deviation double precision not null,
  computed_at timestamptz not null default now()
);
comment on table app.cluster_models is
  'Groups of customers who buy alike (k-means), one model for each day that was computed. Recency, frequency and spend are taken as logarithms, less their mean, over their deviation.';
comment on column app.cluster_models.fitted_customers is 'How many customers it was fitted on: all, or a fixed draw of very many.';
comment on column app.cluster_models.explained_rate is 'Share of the squared distances between customers that lies between the groups.';

create table app.clusters (
  as_of_on date not null references app.cluster_models on delete cascade,
  number integer not null check (number >= 1),
  recency double precision not null,
  frequency double precision not null,
  monetary double precision not null,
  customer_count bigint not null default 0,
  order_count bigint not null default 0,
  net_amount numeric(16, 2) not null default 0,
  recency_days bigint not null default 0,
  expected_amount numeric(16, 2) not null default 0,
  primary key (as_of_on, number)
);
comment on table app.clusters is 'One row per group of a model, the one that spends most first: its centre, and the sums over its customers.';
comment on column app.clusters.recency is 'The centre: days since the last order, as the model takes them; frequency and monetary likewise.';
comment on column app.clusters.recency_days is 'Days since the last order, added up over its customers.';
comment on column app.clusters.expected_amount is 'What they are expected to be worth in twelve months, as far as that is known.';

create table app.forecast_models (
  measure text not null check (measure in ('orders', 'revenue_gross')),
  as_of_on date not null,
  alpha double precision not null,
  beta double precision not null,
  gamma double precision not null,
  phi double precision not null,
  deviation double precision not null,
  fitted_days integer not null,
  checked_days integer not null,
  error_rate numeric(9, 6),
  naive_error_rate numeric(9, 6),
  inside_rate numeric(7, 6),
  computed_at timestamptz not null default now(),
  primary key (measure, as_of_on)
);
comment on table app.forecast_models is
  'Holt-Winters models of a day''s figures (additive weeks, damped trend), one for each day that was computed, with how far earlier ones were off.';
comment on column app.forecast_models.deviation is 'Of the errors one day ahead.';
comment on column app.forecast_models.checked_days is 'Days that models fitted before them were asked about; 0 while the history is too short.';
comment on column app.forecast_models.error_rate is 'Mean absolute error of these days as a share of the day (MAPE); naive_error_rate: of saying the same as in the week before.';
comment on column app.forecast_models.inside_rate is 'Share of these days that lay within the band.';

create table app.forecast_days (
  measure text not null,
  as_of_on date not null,
  day date not null,
  expected numeric(16, 2) not null,
  low numeric(16, 2) not null,
  high numeric(16, 2) not null,
  primary key (measure, as_of_on, day),
  foreign key (measure, as_of_on) references app.forecast_models on delete cascade
);
comment on table app.forecast_days is 'What a model expects of each of the days after those it knows, with the band that 95 of 100 should lie in.';
