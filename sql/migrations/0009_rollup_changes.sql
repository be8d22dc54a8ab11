-- What a refresh of the rollups hands from step to step, so that each costs what changed and not what the history holds.

create unlogged table app.customer_day_changes (
  customer_id bigint not null,
  day date not null,
  order_count integer not null,
  orders_added integer not null,
  amount_added numeric(14, 2) not null,
  returned_added numeric(14, 2) not null,
  gone boolean not null
);
comment on table app.customer_day_changes is
  'What the refresh at work changed in app.customer_day: order_count is what the day has now, the added ones are the difference. Filled and emptied within one transaction; a table because its true size makes the next step''s plan.';

-- Few, and asked for by every job that reads all customers' sums: whoever is not here counts.
create index customers_uncounted_idx on app.customers (id) where status not in ('active', 'blocked');

-- Room beside the rows: a customer who buys again is then written without touching the index.
alter table app.customer_totals set (fillfactor = 80);
alter table app.customer_rfm set (fillfactor = 80);
