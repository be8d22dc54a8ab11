-- Written by `pnpm migrate` from the catalogue; do not edit.

create table app.audit_entries (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  user_id bigint,
  actor text not null,
  resource text not null,
  record_id bigint,
  action text not null,
  before jsonb,
  after jsonb,
  reason text,
  request_id text,
  bulk_id bigint,
  constraint audit_entries_pkey PRIMARY KEY (id),
  constraint audit_entries_bulk_id_fkey FOREIGN KEY (bulk_id) REFERENCES app.bulk_changes(id) ON DELETE RESTRICT,
  constraint audit_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE RESTRICT
);
CREATE INDEX audit_entries_at_idx ON app.audit_entries USING brin (at);
CREATE INDEX audit_entries_bulk_id_idx ON app.audit_entries USING btree (bulk_id) WHERE (bulk_id IS NOT NULL);
CREATE INDEX audit_entries_deleted_idx ON app.audit_entries USING btree (resource, id) WHERE (action = 'delete'::text);
CREATE INDEX audit_entries_record_idx ON app.audit_entries USING btree (resource, record_id, id);
CREATE INDEX audit_entries_user_id_idx ON app.audit_entries USING btree (user_id);
comment on table app.audit_entries is 'Every write and export: who, when, which fields before and after. Append-only for every login but the owner.';
comment on column app.audit_entries.bulk_id is 'The change of many records that this one was part of.';

create table app.bulk_changes (
  id bigint not null generated always as identity,
  resource text not null,
  action text not null,
  user_id bigint not null,
  reason text,
  undoes_id bigint,
  created_at timestamp with time zone not null default now(),
  constraint bulk_changes_pkey PRIMARY KEY (id),
  constraint bulk_changes_undoes_id_key UNIQUE (undoes_id),
  constraint bulk_changes_undoes_id_fkey FOREIGN KEY (undoes_id) REFERENCES app.bulk_changes(id) ON DELETE RESTRICT,
  constraint bulk_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE RESTRICT,
  constraint bulk_changes_action_check CHECK ((action = ANY (ARRAY['update'::text, 'delete'::text, 'undo'::text])))
);
CREATE INDEX bulk_changes_user_id_idx ON app.bulk_changes USING btree (user_id);
comment on table app.bulk_changes is 'One row per change of many records at once. undoes_id: the change that this one took back; each can be taken back once. Append-only for every login but the owner.';

create table app.customer_day (
  customer_id bigint not null,
  day date not null,
  order_count integer not null default 0,
  amount numeric(14,2) not null default 0,
  returned_amount numeric(14,2) not null default 0,
  constraint customer_day_pkey PRIMARY KEY (customer_id, day)
);
CREATE INDEX customer_day_day_idx ON app.customer_day USING btree (day) INCLUDE (customer_id, order_count, amount, returned_amount);
comment on table app.customer_day is 'One row per known customer and programme day with an order placed or a return made. Cancelled orders are left out. Returns count on the day they were made.';

create unlogged table app.customer_day_changes (
  customer_id bigint not null,
  day date not null,
  order_count integer not null,
  orders_added integer not null,
  amount_added numeric(14,2) not null,
  returned_added numeric(14,2) not null,
  gone boolean not null
);
comment on table app.customer_day_changes is 'What the refresh at work changed in app.customer_day: order_count is what the day has now, the added ones are the difference. Filled and emptied within one transaction; a table because its true size makes the next step''s plan.';

create table app.customer_rfm (
  customer_id bigint not null,
  as_of_on date not null,
  first_order_on date not null,
  last_order_on date not null,
  order_count integer not null,
  gross_amount numeric(14,2) not null,
  net_amount numeric(14,2) not null,
  recency_score smallint not null,
  frequency_score smallint not null,
  monetary_score smallint not null,
  rfm_group text not null,
  constraint customer_rfm_pkey PRIMARY KEY (customer_id),
  constraint customer_rfm_frequency_score_check CHECK (((frequency_score >= 1) AND (frequency_score <= 5))),
  constraint customer_rfm_monetary_score_check CHECK (((monetary_score >= 1) AND (monetary_score <= 5))),
  constraint customer_rfm_recency_score_check CHECK (((recency_score >= 1) AND (recency_score <= 5)))
);
CREATE INDEX customer_rfm_group_idx ON app.customer_rfm USING btree (rfm_group, customer_id);
CREATE INDEX customer_rfm_scores_idx ON app.customer_rfm USING btree (recency_score, frequency_score, monetary_score, customer_id);
comment on table app.customer_rfm is 'One row per customer with an order before the latest scoring day: quintile scores (5 = best) and the named group. as_of_on is the scoring day that last changed the row.';

create table app.customer_start (
  customer_id bigint not null,
  first_order_on date not null,
  second_order_on date,
  constraint customer_start_pkey PRIMARY KEY (customer_id),
  constraint customer_start_check CHECK ((second_order_on > first_order_on))
);
CREATE INDEX customer_start_first_idx ON app.customer_start USING btree (first_order_on) INCLUDE (second_order_on);
CREATE INDEX customer_start_second_idx ON app.customer_start USING btree (second_order_on) WHERE (second_order_on IS NOT NULL);
comment on table app.customer_start is 'One row per known customer with an order: the first day with an order and the next later day with one.';

create table app.customer_totals (
  customer_id bigint not null,
  first_order_on date,
  last_order_on date,
  order_count bigint not null,
  gross_amount numeric(14,2) not null,
  returned_amount numeric(14,2) not null,
  constraint customer_totals_pkey PRIMARY KEY (customer_id)
);
comment on table app.customer_totals is 'One row per known customer: what app.customer_day holds before app.customer_totals_until, added up, so that a day''s segments need not read the history.';

create table app.customer_totals_until (
  id smallint not null default 1,
  until_on date not null,
  constraint customer_totals_until_pkey PRIMARY KEY (id),
  constraint customer_totals_until_id_check CHECK ((id = 1))
);
comment on table app.customer_totals_until is 'The day before which app.customer_totals counts. One row, or none while there are no totals.';

create table app.customers (
  id bigint not null generated by default as identity,
  external_id text not null,
  name text,
  phone text,
  email text,
  birth_on date,
  gender text,
  education text,
  province text,
  city text,
  occupation text,
  channel text not null default 'online'::text,
  enrolled_at timestamp with time zone not null default now(),
  enrolled_on date not null,
  consent_sms boolean not null default false,
  consent_email boolean not null default false,
  consent_push boolean not null default false,
  consent_wecom boolean not null default false,
  consent_profiling boolean not null default false,
  tags text[] not null default '{}'::text[],
  status text not null default 'active'::text,
  extras jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_external_id_key UNIQUE (external_id),
  constraint customers_channel_check CHECK ((channel = ANY (ARRAY['online'::text, 'store'::text, 'wecom'::text, 'referral'::text, 'import'::text]))),
  constraint customers_education_check CHECK ((education = ANY (ARRAY['junior_high'::text, 'senior_high'::text, 'college'::text, 'bachelor'::text, 'master'::text, 'doctor'::text]))),
  constraint customers_gender_check CHECK ((gender = ANY (ARRAY['female'::text, 'male'::text, 'other'::text]))),
  constraint customers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'blocked'::text, 'anonymised'::text, 'anonymous'::text])))
);
CREATE INDEX customers_enrolled_on_idx ON app.customers USING btree (enrolled_on, id);
CREATE INDEX customers_letters_idx ON app.customers USING gin (app.wide_letters(lower(((COALESCE(name, ''::text) || ' '::text) || external_id)))) WITH (gin_pending_list_limit='128');
CREATE INDEX customers_name_idx ON app.customers USING btree (name, id);
CREATE INDEX customers_province_idx ON app.customers USING btree (province, id);
CREATE INDEX customers_search_idx ON app.customers USING gin (lower(((COALESCE(name, ''::text) || ' '::text) || external_id)) gin_trgm_ops) WITH (gin_pending_list_limit='128');
CREATE INDEX customers_uncounted_idx ON app.customers USING btree (id) WHERE (status <> ALL (ARRAY['active'::text, 'blocked'::text]));
comment on table app.customers is 'Customers. The one whose status is anonymous owns orders without a buyer and is left out of every per-customer figure.';
comment on column app.customers.enrolled_on is 'Programme day of enrolled_at.';

create table app.default_files (
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint default_files_pkey PRIMARY KEY (name)
);
comment on table app.default_files is 'Files of sql/defaults that were applied to this database. Each is applied once; what it put in is data that staff change or delete.';

create table app.dirty_days (
  id bigint not null generated always as identity,
  fact_table text not null,
  day date not null,
  constraint dirty_days_pkey PRIMARY KEY (id),
  constraint dirty_days_fact_table_check CHECK ((fact_table = ANY (ARRAY['orders'::text, 'returns'::text])))
);
comment on table app.dirty_days is 'Days with new facts, written in the facts'' own transaction and drained by the rollup refresh. Append-only so that writers never wait for each other.';

create table app.fact_keys (
  source text not null,
  kind text not null,
  external_id text not null,
  customer_id bigint not null,
  fact_id bigint not null,
  digest uuid,
  answer jsonb not null default '{}'::jsonb,
  accepted_at timestamp with time zone not null default now(),
  constraint fact_keys_pkey PRIMARY KEY (source, kind, external_id),
  constraint fact_keys_kind_check CHECK ((kind = ANY (ARRAY['order'::text, 'return'::text, 'event'::text])))
);
comment on table app.fact_keys is 'One row per inbound fact, for ever: its source and external id are unique, a replay is answered from here. Never pruned.';
comment on column app.fact_keys.digest is 'MD5 of what the fact said, its status left out: a replay that says something else is told so.';

create table app.idempotency_keys (
  user_id bigint not null,
  key text not null,
  request_hash text not null,
  status integer not null,
  body jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (user_id, key),
  constraint idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE,
  constraint idempotency_keys_key_check CHECK ((length(key) <= 200))
);
comment on table app.idempotency_keys is 'First answers to POSTs that carried an Idempotency-Key.';

create unlogged table app.import_order_lines (
  batch_id bigint not null,
  item_no bigint,
  row_no bigint not null,
  kind text not null,
  order_external_id text,
  returned_order_external_id text,
  customer_external_id text,
  customer_name text,
  region text,
  channel text,
  status text,
  placed_at timestamp with time zone,
  paid_at timestamp with time zone,
  completed_at timestamp with time zone,
  sku text,
  description text,
  quantity integer,
  unit_price numeric(14,4),
  amount numeric(14,2),
  discount_amount numeric(14,2),
  coupon_code text,
  campaign_code text,
  referrer_code text,
  refusal text,
  refusal_field text,
  constraint import_order_lines_kind_check CHECK ((kind = ANY (ARRAY['row'::text, 'return'::text, 'wrong'::text, 'beside_wrong'::text])))
);
CREATE INDEX import_order_lines_batch_idx ON app.import_order_lines USING btree (batch_id);
comment on table app.import_order_lines is 'Lines of orders between file or request and table. Lines of one order share item_no (requests) or, where that is empty, order_external_id (files); one wrong line keeps the others of its order out.';

create unlogged table app.import_orders (
  batch_id bigint not null,
  item_no bigint not null,
  external_id text not null,
  by_item boolean not null,
  customer_external_id text,
  customer_name text,
  region text,
  customer_id bigint,
  order_id bigint,
  channel text not null,
  status text not null,
  placed_at timestamp with time zone not null,
  paid_at timestamp with time zone,
  completed_at timestamp with time zone,
  line_count integer not null,
  lines_amount numeric not null,
  discount_amount numeric(14,2) not null,
  coupon_code text,
  campaign_code text,
  referrer_code text,
  digest uuid,
  answer text,
  refusal text,
  refusal_field text,
  differs boolean not null default false,
  advanced boolean not null default false,
  constraint import_orders_pkey PRIMARY KEY (batch_id, item_no),
  constraint import_orders_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'replayed'::text, 'rejected'::text, 'skipped'::text])))
);
CREATE INDEX import_orders_external_id_idx ON app.import_orders USING btree (batch_id, external_id);
comment on table app.import_orders is 'Orders being accepted, with the answer each gets. Half-empty pages leave room for the updates that find it.';

create table app.import_presets (
  id bigint not null generated by default as identity,
  resource text not null,
  name text not null,
  mapping jsonb not null,
  created_by bigint,
  created_at timestamp with time zone not null default now(),
  constraint import_presets_pkey PRIMARY KEY (id),
  constraint import_presets_name_key UNIQUE (resource, name),
  constraint import_presets_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.users(id) ON DELETE SET NULL
);
CREATE INDEX import_presets_created_by_idx ON app.import_presets USING btree (created_by);
comment on table app.import_presets is 'Remembered mappings of file headers to fields.';

create unlogged table app.import_returns (
  batch_id bigint not null,
  item_no bigint not null,
  external_id text not null,
  order_external_id text,
  customer_external_id text,
  customer_name text,
  region text,
  customer_id bigint,
  order_id bigint,
  return_id bigint,
  claimed boolean not null default false,
  round integer,
  line_no integer,
  sku text,
  quantity integer,
  amount numeric(14,2),
  returned_at timestamp with time zone not null,
  reason text,
  digest uuid,
  answer text,
  refusal text,
  refusal_field text,
  refusal_params jsonb,
  differs boolean not null default false,
  constraint import_returns_pkey PRIMARY KEY (batch_id, item_no),
  constraint import_returns_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'replayed'::text, 'waiting_for_order'::text, 'rejected'::text, 'skipped'::text])))
);
CREATE INDEX import_returns_external_id_idx ON app.import_returns USING btree (batch_id, external_id);
comment on table app.import_returns is 'Returns being accepted, with the answer each gets.';

create unlogged table app.import_rows (
  batch_id bigint not null,
  row_no bigint not null,
  kind text not null,
  data jsonb not null,
  record_id bigint,
  before jsonb,
  constraint import_rows_kind_check CHECK ((kind = ANY (ARRAY['row'::text, 'wrong'::text])))
);
CREATE INDEX import_rows_batch_idx ON app.import_rows USING btree (batch_id);
comment on table app.import_rows is 'Rows of customers, products and the like between file and table, one row per file row.';

create table app.imports (
  id bigint not null generated by default as identity,
  resource text not null,
  file_name text not null,
  state text not null default 'uploaded'::text,
  headers text[] not null default '{}'::text[],
  format jsonb not null default '{}'::jsonb,
  sample jsonb not null default '[]'::jsonb,
  mapping jsonb,
  mode text not null default 'upsert'::text,
  rows_read bigint not null default 0,
  rows_total bigint,
  created_count bigint not null default 0,
  updated_count bigint not null default 0,
  unchanged_count bigint not null default 0,
  skipped_count bigint not null default 0,
  wrong_count bigint not null default 0,
  errors jsonb not null default '[]'::jsonb,
  counts jsonb not null default '{}'::jsonb,
  skipped_by jsonb not null default '[]'::jsonb,
  message text,
  created_by bigint,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.users(id) ON DELETE RESTRICT,
  constraint imports_mode_check CHECK ((mode = ANY (ARRAY['insert'::text, 'upsert'::text, 'update'::text]))),
  constraint imports_state_check CHECK ((state = ANY (ARRAY['uploaded'::text, 'checking'::text, 'checked'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX imports_created_by_idx ON app.imports USING btree (created_by);
comment on table app.imports is 'Imports of files, with their progress and the first 1,000 errors.';

create table app.job_runs (
  id bigint not null generated always as identity,
  job text not null,
  as_of_on date not null,
  state text not null default 'running'::text,
  started_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  rows_written bigint,
  error text,
  worker text not null,
  constraint job_runs_pkey PRIMARY KEY (id),
  constraint job_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX job_runs_job_idx ON app.job_runs USING btree (job, as_of_on, id);
comment on table app.job_runs is 'One row per run of a job.';

create table app.migrations (
  number integer not null,
  name text not null,
  hash text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (number)
);
comment on table app.migrations is 'One row per migration that ran here, with the hash of its text.';

create table app.order_day (
  day date not null,
  channel text not null,
  identified boolean not null,
  order_count bigint not null,
  amount numeric(16,2) not null,
  returned_amount numeric(16,2) not null,
  unlinked_returned_amount numeric(16,2) not null default 0,
  constraint order_day_pkey PRIMARY KEY (day, channel, identified)
);
comment on table app.order_day is 'One row per programme day, channel and whether the buyer is known. returned_amount restates the order''s own day; returns that name no known order are unlinked_returned_amount on the day they were made, under channel ''unknown''.';

create table app.order_lines (
  customer_id bigint not null,
  order_id bigint not null,
  line_no integer not null,
  product_id bigint,
  sku text not null,
  description text,
  quantity integer not null,
  unit_price numeric(14,4) not null,
  amount numeric(14,2) not null,
  constraint order_lines_pkey PRIMARY KEY (customer_id, order_id, line_no),
  constraint order_lines_customer_id_order_id_fkey FOREIGN KEY (customer_id, order_id) REFERENCES app.orders(customer_id, id) ON DELETE CASCADE,
  constraint order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES app.products(id) ON DELETE RESTRICT,
  constraint order_lines_quantity_check CHECK ((quantity > 0)),
  constraint order_lines_unit_price_check CHECK ((unit_price >= (0)::numeric))
);
CREATE INDEX order_lines_product_id_idx ON app.order_lines USING btree (product_id);
CREATE INDEX order_lines_record_id_idx ON app.order_lines USING btree ((((order_id * 100000) + line_no)));
comment on table app.order_lines is 'Lines of orders; amount = quantity x unit price, rounded to the cent.';

create table app.order_period (
  grain text not null,
  starts_on date not null,
  buyer_count bigint not null,
  repeat_buyer_count bigint not null,
  constraint order_period_pkey PRIMARY KEY (grain, starts_on),
  constraint order_period_grain_check CHECK ((grain = ANY (ARRAY['week'::text, 'month'::text])))
);
comment on table app.order_period is 'Distinct counts that days cannot add up to: known customers with an order, and with two or more, per calendar month and week (from Monday).';

create table app.orders (
  customer_id bigint not null,
  id bigint not null generated by default as identity,
  source text not null,
  external_id text not null,
  channel text not null default 'online'::text,
  status text not null default 'paid'::text,
  placed_at timestamp with time zone not null,
  placed_on date not null,
  paid_at timestamp with time zone,
  completed_at timestamp with time zone,
  discount_amount numeric(14,2) not null default 0,
  amount numeric(14,2) not null,
  returned_amount numeric(14,2) not null default 0,
  coupon_code text,
  campaign_code text,
  referrer_code text,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint orders_pkey PRIMARY KEY (customer_id, id),
  constraint orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES app.customers(id) ON DELETE RESTRICT,
  constraint orders_channel_check CHECK ((channel = ANY (ARRAY['online'::text, 'store'::text]))),
  constraint orders_discount_amount_check CHECK ((discount_amount >= (0)::numeric)),
  constraint orders_returned_amount_check CHECK ((returned_amount >= (0)::numeric)),
  constraint orders_status_check CHECK ((status = ANY (ARRAY['placed'::text, 'paid'::text, 'completed'::text, 'cancelled'::text])))
);
CREATE INDEX orders_external_id_idx ON app.orders USING btree (external_id);
CREATE INDEX orders_id_idx ON app.orders USING btree (id);
CREATE INDEX orders_placed_at_idx ON app.orders USING btree (placed_at, id);
CREATE INDEX orders_placed_on_idx ON app.orders USING btree (placed_on);
comment on table app.orders is 'Orders. amount is what the customer owes after discount; returned_amount what came back of it so far.';
comment on column app.orders.placed_on is 'Programme day of placed_at.';

create table app.products (
  id bigint not null generated by default as identity,
  external_id text not null,
  name text not null,
  category text,
  price numeric(14,2),
  unit_cost numeric(14,2),
  stock integer,
  status text not null default 'active'::text,
  extras jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint products_pkey PRIMARY KEY (id),
  constraint products_external_id_key UNIQUE (external_id),
  constraint products_price_check CHECK ((price >= (0)::numeric)),
  constraint products_status_check CHECK ((status = ANY (ARRAY['active'::text, 'retired'::text]))),
  constraint products_unit_cost_check CHECK ((unit_cost >= (0)::numeric))
);
CREATE INDEX products_category_idx ON app.products USING btree (category, id);
CREATE INDEX products_letters_idx ON app.products USING gin (app.wide_letters(lower(((name || ' '::text) || external_id)))) WITH (gin_pending_list_limit='128');
CREATE INDEX products_search_idx ON app.products USING gin (lower(((name || ' '::text) || external_id)) gin_trgm_ops) WITH (gin_pending_list_limit='128');
comment on table app.products is 'Products; external_id is the stock-keeping code of the shop.';

create table app.rebuilds (
  id bigint not null generated always as identity,
  hash text not null,
  version text not null,
  migration integer not null,
  rebuilt_at timestamp with time zone not null default now(),
  constraint rebuilds_pkey PRIMARY KEY (id)
);
comment on table app.rebuilds is 'One row per rebuild of the schemas base, report and ops: the hash of its files and the release (version, highest migration) that did it.';

create table app.report_versions (
  slug text not null,
  hash text not null,
  body text not null,
  published_at timestamp with time zone not null default now(),
  constraint report_versions_pkey PRIMARY KEY (slug, hash)
);
CREATE INDEX report_versions_latest_idx ON app.report_versions USING btree (slug, published_at DESC);
comment on table app.report_versions is 'One row per text of a report file that compiled: its SHA-256, the text, and when it last went live.';

create table app.returns (
  customer_id bigint not null,
  id bigint not null generated by default as identity,
  source text not null,
  external_id text not null,
  order_external_id text,
  order_id bigint,
  line_no integer,
  sku text,
  quantity integer,
  amount numeric(14,2) not null,
  returned_at timestamp with time zone not null,
  returned_on date not null,
  reason text,
  created_at timestamp with time zone not null default now(),
  constraint returns_pkey PRIMARY KEY (customer_id, id),
  constraint returns_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES app.customers(id) ON DELETE RESTRICT,
  constraint returns_customer_id_order_id_fkey FOREIGN KEY (customer_id, order_id) REFERENCES app.orders(customer_id, id) ON DELETE RESTRICT,
  constraint returns_amount_check CHECK ((amount >= (0)::numeric)),
  constraint returns_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX returns_id_idx ON app.returns USING btree (id);
CREATE INDEX returns_order_idx ON app.returns USING btree (customer_id, order_id);
CREATE INDEX returns_returned_on_idx ON app.returns USING btree (returned_on);
comment on table app.returns is 'Returns: of a whole order, of a line, or of an amount. order_id is empty where the source names no order.';

create table app.rfm_day (
  as_of_on date not null,
  recency_score smallint not null,
  frequency_score smallint not null,
  monetary_score smallint not null,
  rfm_group text not null,
  customer_count bigint not null,
  order_count bigint not null,
  gross_amount numeric(16,2) not null,
  net_amount numeric(16,2) not null,
  constraint rfm_day_pkey PRIMARY KEY (as_of_on, recency_score, frequency_score, monetary_score),
  constraint rfm_day_as_of_on_fkey FOREIGN KEY (as_of_on) REFERENCES app.rfm_snapshots(as_of_on) ON DELETE CASCADE,
  constraint rfm_day_frequency_score_check CHECK (((frequency_score >= 1) AND (frequency_score <= 5))),
  constraint rfm_day_monetary_score_check CHECK (((monetary_score >= 1) AND (monetary_score <= 5))),
  constraint rfm_day_recency_score_check CHECK (((recency_score >= 1) AND (recency_score <= 5)))
);
comment on table app.rfm_day is 'One row per scoring day and cell of the RFM cube that has customers; orders and amounts are their life to date.';

create table app.rfm_groups (
  id bigint not null generated by default as identity,
  position integer not null,
  code text not null,
  name text not null,
  name_en text not null,
  recency_min smallint not null,
  recency_max smallint not null,
  frequency_min smallint not null,
  frequency_max smallint not null,
  monetary_min smallint not null,
  monetary_max smallint not null,
  version integer not null default 1,
  constraint rfm_groups_pkey PRIMARY KEY (id),
  constraint rfm_groups_code_key UNIQUE (code),
  constraint rfm_groups_position_key UNIQUE ("position"),
  constraint rfm_groups_frequency_max_check CHECK (((frequency_max >= 1) AND (frequency_max <= 5))),
  constraint rfm_groups_frequency_min_check CHECK (((frequency_min >= 1) AND (frequency_min <= 5))),
  constraint rfm_groups_monetary_max_check CHECK (((monetary_max >= 1) AND (monetary_max <= 5))),
  constraint rfm_groups_monetary_min_check CHECK (((monetary_min >= 1) AND (monetary_min <= 5))),
  constraint rfm_groups_recency_max_check CHECK (((recency_max >= 1) AND (recency_max <= 5))),
  constraint rfm_groups_recency_min_check CHECK (((recency_min >= 1) AND (recency_min <= 5)))
);
comment on table app.rfm_groups is 'Named groups over RFM quintile scores; lowest position that fits wins, no fit is "other".';

create table app.rfm_snapshots (
  as_of_on date not null,
  customer_count bigint not null,
  recency_cuts numeric[] not null,
  frequency_cuts numeric[] not null,
  monetary_cuts numeric[] not null,
  stale boolean not null default false,
  computed_at timestamp with time zone not null default now(),
  constraint rfm_snapshots_pkey PRIMARY KEY (as_of_on)
);
comment on table app.rfm_snapshots is 'Scoring days with the four cut points of each measure: below the first is bin 1, from the last on bin 5. stale: facts of earlier days have changed since.';

create unlogged table app.segment_assignments (
  customer_id bigint not null,
  segment_code text not null,
  order_count bigint not null,
  net_amount numeric(14,2) not null
);
comment on table app.segment_assignments is 'Between the compiled rules and the memberships: who belongs where on the day being computed. Filled and emptied within one transaction.';

create unlogged table app.segment_changes (
  customer_id bigint not null,
  segment_code text,
  covering_from date,
  covering_until date,
  covering_code text
);
comment on table app.segment_changes is 'Whose stored segment on the day being computed differs from the assigned one. Filled and emptied within one transaction; a table because its true size makes the next step''s plan.';

create table app.segment_day (
  rule_set_id bigint not null,
  as_of_on date not null,
  segment_code text not null,
  customer_count bigint not null,
  order_count bigint not null,
  net_amount numeric(16,2) not null,
  constraint segment_day_pkey PRIMARY KEY (rule_set_id, as_of_on, segment_code),
  constraint segment_day_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES app.segment_rule_sets(id) ON DELETE RESTRICT
);
comment on table app.segment_day is 'Size of each segment on each snapshot day; orders and net spend are the members'' life to date.';

create table app.segment_memberships (
  customer_id bigint not null,
  rule_set_id bigint not null,
  entered_on date not null,
  left_on date,
  segment_code text not null,
  constraint segment_memberships_pkey PRIMARY KEY (customer_id, rule_set_id, entered_on),
  constraint segment_memberships_check CHECK ((left_on > entered_on))
);
CREATE INDEX segment_memberships_current_idx ON app.segment_memberships USING btree (rule_set_id, segment_code, customer_id) WHERE (left_on IS NULL);
CREATE INDEX segment_memberships_entered_idx ON app.segment_memberships USING btree (rule_set_id, entered_on);
comment on table app.segment_memberships is 'One row per customer, rule set and uninterrupted stay in a segment: from the snapshot day entered_on until before left_on (empty: still there).';

create table app.segment_rule_set_versions (
  id bigint not null generated by default as identity,
  rule_set_id bigint not null,
  number integer not null,
  state text not null default 'draft'::text,
  effective_from date,
  effective_to date,
  rules jsonb not null default '[]'::jsonb,
  note text,
  created_by bigint,
  published_by bigint,
  published_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint segment_rule_set_versions_pkey PRIMARY KEY (id),
  constraint segment_rule_set_versions_number_key UNIQUE (rule_set_id, number),
  constraint segment_rule_set_versions_overlap EXCLUDE USING gist (int8range(rule_set_id, rule_set_id, '[]'::text) WITH &&, daterange(effective_from, effective_to) WITH &&) WHERE ((state = 'published'::text)),
  constraint segment_rule_set_versions_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.users(id) ON DELETE RESTRICT,
  constraint segment_rule_set_versions_published_by_fkey FOREIGN KEY (published_by) REFERENCES app.users(id) ON DELETE RESTRICT,
  constraint segment_rule_set_versions_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES app.segment_rule_sets(id) ON DELETE RESTRICT,
  constraint segment_rule_set_versions_dates CHECK ((effective_to > effective_from)),
  constraint segment_rule_set_versions_number_check CHECK ((number > 0)),
  constraint segment_rule_set_versions_published CHECK (((state = 'draft'::text) OR (effective_from IS NOT NULL))),
  constraint segment_rule_set_versions_rules_check CHECK ((jsonb_typeof(rules) = 'array'::text)),
  constraint segment_rule_set_versions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text])))
);
CREATE INDEX segment_rule_set_versions_created_by_idx ON app.segment_rule_set_versions USING btree (created_by);
CREATE INDEX segment_rule_set_versions_published_by_idx ON app.segment_rule_set_versions USING btree (published_by);
comment on table app.segment_rule_set_versions is 'Versions of a rule set. rules is an ordered list of {code, name, name_en, condition}; published ranges of one set never overlap.';

create table app.segment_rule_sets (
  id bigint not null generated by default as identity,
  code text not null,
  name text not null,
  name_en text not null,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint segment_rule_sets_pkey PRIMARY KEY (id),
  constraint segment_rule_sets_code_key UNIQUE (code),
  constraint segment_rule_sets_code_check CHECK ((code ~ '^[a-z][a-z0-9_]*$'::text))
);
comment on table app.segment_rule_sets is 'Ways to divide the customers; each has versions with ordered rules, first match wins, everyone else is "other".';

create table app.segment_snapshots (
  rule_set_id bigint not null,
  as_of_on date not null,
  rule_set_version_id bigint not null,
  customer_count bigint not null default 0,
  stale boolean not null default false,
  computed_at timestamp with time zone default now(),
  constraint segment_snapshots_pkey PRIMARY KEY (rule_set_id, as_of_on),
  constraint segment_snapshots_rule_set_id_fkey FOREIGN KEY (rule_set_id) REFERENCES app.segment_rule_sets(id) ON DELETE RESTRICT,
  constraint segment_snapshots_rule_set_version_id_fkey FOREIGN KEY (rule_set_version_id) REFERENCES app.segment_rule_set_versions(id) ON DELETE RESTRICT
);
CREATE INDEX segment_snapshots_stale_idx ON app.segment_snapshots USING btree (as_of_on) WHERE stale;
CREATE INDEX segment_snapshots_version_idx ON app.segment_snapshots USING btree (rule_set_version_id);
comment on table app.segment_snapshots is 'Days on which the membership of a rule set was computed. stale: to be computed again, because facts or rules that concern the day have changed since; where computed_at is empty it was only asked for as yet.';

create table app.sessions (
  token_hash bytea not null,
  user_id bigint not null,
  password_mark bytea not null,
  created_at timestamp with time zone not null default now(),
  last_seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  user_agent text,
  ip text,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_expires_at_idx ON app.sessions USING btree (expires_at);
CREATE INDEX sessions_user_id_idx ON app.sessions USING btree (user_id);
comment on table app.sessions is 'Signed-in browsers. Only the SHA-256 of the cookie''s token is kept.';
comment on column app.sessions.password_mark is 'SHA-256 of the stored password hash at sign-in: a new password, set by whatever path, ends the sessions before it.';

create table app.settings (
  id bigint not null default 1,
  programme_name_zh text not null default '常青会员计划'::text,
  programme_name_en text not null default 'Evergreen Loyalty'::text,
  time_zone text not null default 'Asia/Shanghai'::text,
  currency text not null default 'CNY'::text,
  defaults_at timestamp with time zone,
  demo_at timestamp with time zone,
  version integer not null default 1,
  constraint settings_pkey PRIMARY KEY (id),
  constraint settings_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint settings_id_check CHECK ((id = 1))
);
comment on table app.settings is 'Settings of the programme. Always one row. The time zone is fixed once the first fact is stored.';
comment on column app.settings.defaults_at is 'When the first files of the default programme were put in; which ones, app.default_files says.';
comment on column app.settings.demo_at is 'When the demo customers and orders were made; empty in a real database.';

create table app.sign_in_failures (
  email_hash bytea not null,
  failures integer not null,
  last_at timestamp with time zone not null default now(),
  locked_until timestamp with time zone,
  constraint sign_in_failures_pkey PRIMARY KEY (email_hash)
);
CREATE INDEX sign_in_failures_last_at_idx ON app.sign_in_failures USING btree (last_at);
comment on table app.sign_in_failures is 'Wrong sign-ins in a row per address, whether or not anybody has that address, so that an answer does not tell which exist. Only the SHA-256 of the address is kept.';

create table app.sign_in_links (
  token_hash bytea not null,
  user_id bigint not null,
  purpose text not null default 'password'::text,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_links_pkey PRIMARY KEY (token_hash),
  constraint sign_in_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES app.users(id) ON DELETE CASCADE,
  constraint sign_in_links_purpose_check CHECK ((purpose = ANY (ARRAY['password'::text, 'first_administrator'::text])))
);
CREATE INDEX sign_in_links_user_id_idx ON app.sign_in_links USING btree (user_id);
comment on table app.sign_in_links is 'One-time links that let a person set a password; the first administrator gets one in the log.';

create table app.tiers (
  id bigint not null generated by default as identity,
  code text not null,
  name text not null,
  name_en text not null,
  rank integer not null,
  color text not null default '#8c8c8c'::text,
  basis text not null default 'growth'::text,
  window_kind text not null default 'rolling'::text,
  window_days integer,
  enter_at numeric(14,2),
  retain_at numeric(14,2),
  reenter_at numeric(14,2),
  point_multiplier numeric(6,2) not null default 1,
  grace_days integer not null default 0,
  downgrade text not null default 'one_step'::text,
  description text,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  status text not null default 'active'::text,
  window_start_month integer not null default 1,
  segments bigint[] not null default '{}'::bigint[],
  criteria_match text not null default 'any'::text,
  criteria jsonb not null default '[]'::jsonb,
  upgrade text not null default 'at_once'::text,
  validity_kind text not null default 'months'::text,
  validity_months integer default 12,
  grace_until text not null default 'exact'::text,
  floor_tier_id bigint,
  growth_multiplier numeric(6,2) not null default 1,
  redeem_points integer not null default 100,
  constraint tiers_pkey PRIMARY KEY (id),
  constraint tiers_code_key UNIQUE (code),
  constraint tiers_rank_key UNIQUE (rank),
  constraint tiers_floor_tier_id_fkey FOREIGN KEY (floor_tier_id) REFERENCES app.tiers(id) ON DELETE RESTRICT,
  constraint tiers_basis_check CHECK ((basis = ANY (ARRAY['spend'::text, 'orders'::text, 'growth'::text, 'referrals'::text, 'segment'::text, 'invitation'::text]))),
  constraint tiers_code_check CHECK ((code ~ '^[a-z][a-z0-9_]*$'::text)),
  constraint tiers_color_check CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
  constraint tiers_criteria_check CHECK ((jsonb_typeof(criteria) = 'array'::text)),
  constraint tiers_criteria_match_check CHECK ((criteria_match = ANY (ARRAY['any'::text, 'all'::text]))),
  constraint tiers_downgrade_check CHECK ((downgrade = ANY (ARRAY['none'::text, 'one_step'::text, 'full'::text]))),
  constraint tiers_enter_at_check CHECK ((enter_at >= (0)::numeric)),
  constraint tiers_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 366))),
  constraint tiers_grace_until_check CHECK ((grace_until = ANY (ARRAY['exact'::text, 'month_end'::text, 'quarter_end'::text, 'year_end'::text]))),
  constraint tiers_growth_multiplier_check CHECK ((growth_multiplier >= (0)::numeric)),
  constraint tiers_point_multiplier_check CHECK ((point_multiplier >= (0)::numeric)),
  constraint tiers_rank_check CHECK ((rank >= 0)),
  constraint tiers_redeem_points_check CHECK ((redeem_points > 0)),
  constraint tiers_reenter_at_check CHECK ((reenter_at >= (0)::numeric)),
  constraint tiers_retain_at_check CHECK ((retain_at >= (0)::numeric)),
  constraint tiers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'retired'::text]))),
  constraint tiers_upgrade_check CHECK ((upgrade = ANY (ARRAY['at_once'::text, 'next_period'::text]))),
  constraint tiers_validity_kind_check CHECK ((validity_kind = ANY (ARRAY['continuous'::text, 'months'::text, 'period_end'::text, 'next_period_end'::text, 'forever'::text]))),
  constraint tiers_validity_months_check CHECK (((validity_months >= 1) AND (validity_months <= 120))),
  constraint tiers_window_days_check CHECK (((window_days >= 1) AND (window_days <= 3660))),
  constraint tiers_window_kind_check CHECK ((window_kind = ANY (ARRAY['rolling'::text, 'month'::text, 'quarter'::text, 'year'::text, 'anniversary'::text, 'lifetime'::text]))),
  constraint tiers_window_start_month_check CHECK (((window_start_month >= 1) AND (window_start_month <= 12)))
);
CREATE INDEX tiers_floor_tier_id_idx ON app.tiers USING btree (floor_tier_id);
CREATE INDEX tiers_segments_idx ON app.tiers USING gin (segments);
comment on table app.tiers is 'Membership tiers: what it takes to enter, to stay and to come back.';
comment on column app.tiers.basis is 'What is measured, the first criterion; criteria holds the others, each {basis, window_kind, window_days, window_start_month, enter_at, retain_at, reenter_at, segments}. View base.tier_criteria gives them all alike.';
comment on column app.tiers.enter_at is 'To get in; retain_at to stay, reenter_at to come back: enter_at where these are empty.';
comment on column app.tiers.window_start_month is 'Month in which the first quarter or the year of the window begins.';
comment on column app.tiers.segments is 'Basis segment: whoever is in one of these (base.segments.id) may enter.';
comment on column app.tiers.validity_kind is 'When a tier that was reached is looked at again: every day, after validity_months, at the end of the window''s period or of the one after, never.';
comment on column app.tiers.grace_until is 'Where grace_days after the end of validity are rounded up to.';
comment on column app.tiers.floor_tier_id is 'A customer who was in this tier never falls below that one.';
comment on column app.tiers.redeem_points is 'Points worth one unit of the currency when a customer of this tier redeems them.';

create table app.users (
  id bigint not null generated by default as identity,
  email text not null,
  name text not null,
  password_hash text,
  roles text[] not null default '{}'::text[],
  pii boolean not null default false,
  status text not null default 'active'::text,
  lang text not null default 'zh'::text,
  last_sign_in_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_key UNIQUE (email),
  constraint users_email_check CHECK ((email = lower(email))),
  constraint users_lang_check CHECK ((lang = ANY (ARRAY['zh'::text, 'en'::text]))),
  constraint users_roles_check CHECK ((roles <@ ARRAY['administrator'::text, 'operator'::text, 'reviewer'::text, 'customer_service'::text, 'manager'::text, 'analyst'::text, 'viewer'::text])),
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);
comment on table app.users is 'People who sign in to the console.';

create table app.waiting_returns (
  source text not null,
  external_id text not null,
  return_id bigint not null,
  order_external_id text not null,
  customer_external_id text,
  line_no integer,
  sku text,
  quantity integer,
  amount numeric(14,2),
  returned_at timestamp with time zone not null,
  reason text,
  refusal text,
  received_at timestamp with time zone not null default now(),
  constraint waiting_returns_pkey PRIMARY KEY (source, external_id),
  constraint waiting_returns_amount_check CHECK ((amount >= (0)::numeric)),
  constraint waiting_returns_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX waiting_returns_order_idx ON app.waiting_returns USING btree (source, order_external_id);
comment on table app.waiting_returns is 'Returns whose order has not arrived. When it does they become returns under the id already answered; one that does not fit its order stays here with its refusal.';

-- view base.audit_entries (see sql/views)
--   id bigint
--   at timestamp with time zone
--   user_id bigint
--   actor text
--   resource text
--   record_id bigint
--   action text
--   changed_fields text[]
--   reason text
--   request_id text
comment on view base.audit_entries is 'Audit log
One row per write, export or sign-in: who, when, what, and which fields.';

-- view base.customers (see sql/views)
--   id bigint
--   external_id text
--   name text
--   phone text
--   email text
--   birth_on date
--   gender text
--   education text
--   province text
--   city text
--   occupation text
--   channel text
--   enrolled_at timestamp with time zone
--   enrolled_on date
--   consent_sms boolean
--   consent_email boolean
--   consent_push boolean
--   consent_wecom boolean
--   consent_profiling boolean
--   tags text[]
--   status text
--   order_count integer
--   net_amount numeric(14,2)
--   last_order_on date
--   recency_score smallint
--   frequency_score smallint
--   monetary_score smallint
--   rfm_group text
--   rfm_group_id bigint
--   version integer
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
comment on view base.customers is 'Customers
One row per customer, with the spend and scores of the latest scoring day where there are any.';

-- view base.order_lines (see sql/views)
--   id bigint
--   customer_id bigint
--   order_id bigint
--   line_no integer
--   product_id bigint
--   sku text
--   description text
--   quantity integer
--   unit_price numeric(14,4)
--   amount numeric(14,2)
comment on view base.order_lines is 'Lines of orders
One row per line of an order, cancelled orders included.';

-- view base.orders (see sql/views)
--   order_id bigint
--   customer_id bigint
--   identified boolean
--   channel text
--   status text
--   placed_at timestamp with time zone
--   placed_on date
--   discount_amount numeric(14,2)
--   gross_amount numeric(14,2)
--   returned_amount numeric(14,2)
--   net_amount numeric
--   coupon_code text
--   campaign_code text
comment on view base.orders is 'Orders that were not cancelled
One row per order. net_amount is what is left after everything returned of it so far, whenever that was.';

-- view base.programme (see sql/views)
--   time_zone text
--   currency text
--   today_on date
--   last_fact_on date
--   observed_until date
comment on view base.programme is 'The programme and how far its facts reach
One row. observed_until is the first day that has not been observed whole: the day after the last one with facts, never later than today. What needs time to happen (a second order within 30 days) is judged by it, so that a feed that stopped does not make rates fall.';

-- view base.returns (see sql/views)
--   return_id bigint
--   customer_id bigint
--   identified boolean
--   order_id bigint
--   returned_at timestamp with time zone
--   returned_on date
--   sku text
--   quantity integer
--   amount numeric(14,2)
--   reason text
comment on view base.returns is 'Returns
One row per return, of a whole order, of a line or of an amount; order_id is empty where no known order is named.';

-- view base.rfm_groups (see sql/views)
--   rfm_group text
--   rfm_group_name text
--   rfm_group_name_en text
--   position integer
comment on view base.rfm_groups is 'Named groups of RFM cells
One row per group, and ''other'' for the cells that none names.';

-- view base.segment_rule_set_versions (see sql/views)
--   id bigint
--   rule_set_id bigint
--   title text
--   title_en text
--   number integer
--   state text
--   effective_from date
--   effective_to date
--   in_force boolean
--   rules jsonb
--   note text
--   created_by bigint
--   published_by bigint
--   published_at timestamp with time zone
--   version integer
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
comment on view base.segment_rule_set_versions is 'Versions of segment rule sets
One row per version, drafts included.';

-- view base.segment_rule_sets (see sql/views)
--   id bigint
--   code text
--   name text
--   name_en text
--   version_in_force integer
--   in_force_since date
--   computed_on date
--   customer_count bigint
--   covered_rate numeric
--   waiting_days bigint
--   version integer
--   created_at timestamp with time zone
--   updated_at timestamp with time zone
comment on view base.segment_rule_sets is 'Segment rule sets
One row per rule set, with the version in force today and how much of the customers it covered on the latest computed day.';

-- view base.segment_sizes (see sql/views)
--   id bigint
--   title text
--   title_en text
--   rule_set_id bigint
--   code text
--   name text
--   name_en text
--   position integer
--   in_force boolean
--   computed_on date
--   customer_count bigint
--   customer_share numeric
--   net_amount numeric(16,2)
comment on view base.segment_sizes is 'Segments with their sizes
One row per segment of every rule set, with its customers on the latest computed day.';

-- view base.segments (see sql/views)
--   id bigint
--   rule_set_id bigint
--   rule_set_code text
--   rule_set_name text
--   rule_set_name_en text
--   segment_code text
--   segment_name text
--   segment_name_en text
--   position integer
--   in_force boolean
comment on view base.segments is 'Segments of every rule set
One row per rule set and segment that any published version has or had, with the names of the newest of them, and ''other''. id is made of the two codes and names the segment wherever configuration refers to one; in_force: the version of today has it.';

-- view base.tier_criteria (see sql/views)
--   tier_id bigint
--   tier_code text
--   rank integer
--   status text
--   position integer
--   sufficient boolean
--   basis text
--   window_kind text
--   window_days integer
--   window_start_month integer
--   enter_at numeric
--   retain_at numeric
--   reenter_at numeric
--   segments bigint[]
comment on view base.tier_criteria is 'What it takes to be in a tier
One row per tier and criterion; position 0 is the first one. sufficient: this one alone is enough, otherwise all of the tier''s are needed. Thresholds that are not set follow the one to enter; basis segment and invitation have none.';

-- view report.customer_days (see sql/views)
--   customer_id bigint
--   day date
--   order_count integer
--   gross_amount numeric(14,2)
--   returned_amount numeric(14,2)
--   province text
--   enrolment_channel text
comment on view report.customer_days is '客户每日消费 / Customers by day
One row per known customer and day with an order placed or a return made.';
comment on column report.customer_days.customer_id is '客户编号 / Customer
Number of the customer.';
comment on column report.customer_days.day is '日期 / Date
Programme day.';
comment on column report.customer_days.order_count is '订单数 / Orders
Orders placed that day, cancelled ones left out.';
comment on column report.customer_days.gross_amount is '订单金额 / Order value
Value of these orders after discount.';
comment on column report.customer_days.returned_amount is '退货金额 / Returned
What the customer returned that day, of whatever order.';
comment on column report.customer_days.province is '省份 / Province
Province, as it is now.';
comment on column report.customer_days.enrolment_channel is '入会渠道 / Enrolment channel
How the customer came in.';

-- view report.customer_rfm (see sql/views)
--   customer_id bigint
--   first_order_on date
--   last_order_on date
--   order_count integer
--   gross_amount numeric(14,2)
--   net_amount numeric(14,2)
--   recency_score smallint
--   frequency_score smallint
--   monetary_score smallint
--   rfm_group text
comment on view report.customer_rfm is '客户 RFM / RFM of customers
One row per customer with an order before the latest scoring day.';
comment on column report.customer_rfm.customer_id is '客户编号 / Customer
Number of the customer.';
comment on column report.customer_rfm.first_order_on is '首次下单 / First order
Day of the first order.';
comment on column report.customer_rfm.last_order_on is '最近下单 / Last order
Day of the last order.';
comment on column report.customer_rfm.order_count is '累计订单数 / Orders
Orders to date.';
comment on column report.customer_rfm.gross_amount is '累计消费 / Gross spend
Order value to date.';
comment on column report.customer_rfm.net_amount is '累计净消费 / Net spend
Order value less returns, to date.';
comment on column report.customer_rfm.recency_score is 'R 得分 / Recency score
1 to 5; 5 = the most recent fifth.';
comment on column report.customer_rfm.frequency_score is 'F 得分 / Frequency score
1 to 5; 5 = the fifth with the most orders.';
comment on column report.customer_rfm.monetary_score is 'M 得分 / Monetary score
1 to 5; 5 = the fifth with the highest net spend.';
comment on column report.customer_rfm.rfm_group is 'RFM 分组编码 / RFM group code
Code of the named group; ''other'' where none fits.';

-- view report.new_customer_days (see sql/views)
--   first_order_on date
--   enrolment_channel text
--   mature boolean
--   customer_count bigint
--   repurchased_30d_count bigint
comment on view report.new_customer_days is '每日新客 / New customers by day
One row per day on which a known customer placed a first order, by enrolment channel.';
comment on column report.new_customer_days.first_order_on is '首单日期 / First order on
Day of the first order.';
comment on column report.new_customer_days.enrolment_channel is '入会渠道 / Enrolment channel
How the customers came in.';
comment on column report.new_customer_days.mature is '已满观察期 / Mature
Whether the first order is at least 30 days old, as far as the facts reach. Rates leave the others out.';
comment on column report.new_customer_days.customer_count is '新客数 / New customers
Customers whose first order was on that day.';
comment on column report.new_customer_days.repurchased_30d_count is '30 天内复购客户 / Repurchased within 30 days
Of these, with an order 1 to 30 days after the first.';

-- view report.order_days (see sql/views)
--   day date
--   channel text
--   identified boolean
--   order_count bigint
--   gross_amount numeric(16,2)
--   returned_amount numeric(16,2)
--   unlinked_returned_amount numeric(16,2)
--   net_amount numeric
comment on view report.order_days is '每日订单 / Orders by day
One row per programme day, channel and whether the buyer is known. Days without facts are absent. Channel ''unknown'' holds returns that name no known order.';
comment on column report.order_days.day is '日期 / Date
Programme day.';
comment on column report.order_days.channel is '渠道 / Channel
online, store, or unknown.';
comment on column report.order_days.identified is '已识别客户 / Known buyer
Whether the buyer is a known customer.';
comment on column report.order_days.order_count is '订单数 / Orders
Orders placed that day, cancelled ones left out.';
comment on column report.order_days.gross_amount is '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_days.returned_amount is '退货金额 / Returned
What came back of these orders, whenever that was.';
comment on column report.order_days.unlinked_returned_amount is '未关联退货 / Unlinked returns
Returns made that day that name no known order.';
comment on column report.order_days.net_amount is '净销售额 / Net sales
Order value less both kinds of returns.';

-- view report.order_months (see sql/views)
--   month_on date
--   partial boolean
--   order_count bigint
--   identified_order_count bigint
--   gross_amount numeric
--   returned_amount numeric
--   unlinked_returned_amount numeric
--   net_amount numeric
--   aov_gross numeric
--   aov_net numeric
--   buyer_count bigint
--   repeat_buyer_count bigint
--   repurchase_rate numeric
--   new_customer_count bigint
--   mature_new_customer_count bigint
--   repurchased_30d_count bigint
--   new_customer_repurchase_rate numeric
comment on view report.order_months is '每月订单与复购 / Orders and repurchase by month
One row per calendar month with facts. Sums over all buyers; customer counts over known ones. Rates are left to be divided: ratio of sums.';
comment on column report.order_months.month_on is '月份 / Month
First day of the month.';
comment on column report.order_months.partial is '未满整月 / Partial
Whether the month has not been observed whole.';
comment on column report.order_months.order_count is '订单数 / Orders
Orders placed in the month, cancelled ones left out.';
comment on column report.order_months.identified_order_count is '已识别客户订单数 / Orders of known customers
Of these, of known customers.';
comment on column report.order_months.gross_amount is '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_months.returned_amount is '退货金额 / Returned
What came back of these orders, whenever that was.';
comment on column report.order_months.unlinked_returned_amount is '未关联退货 / Unlinked returns
Returns made in the month that name no known order.';
comment on column report.order_months.net_amount is '净销售额 / Net sales
Order value less both kinds of returns.';
comment on column report.order_months.aov_gross is '客单价 / AOV
Order value / orders.';
comment on column report.order_months.aov_net is '净客单价 / Net AOV
Net sales / orders.';
comment on column report.order_months.buyer_count is '下单客户数 / Active customers
Known customers with an order in the month.';
comment on column report.order_months.repeat_buyer_count is '复购客户数 / Repeat customers
Of these, with two or more.';
comment on column report.order_months.repurchase_rate is '复购率 / Repurchase rate
Repeat customers / active customers of the month.';
comment on column report.order_months.new_customer_count is '新客数 / New customers
Known customers whose first order was in the month.';
comment on column report.order_months.mature_new_customer_count is '已满观察期新客 / Mature new customers
Of these, with a first order at least 30 days old.';
comment on column report.order_months.repurchased_30d_count is '30 天内复购新客 / Repurchased within 30 days
Mature new customers with an order 1 to 30 days after the first.';
comment on column report.order_months.new_customer_repurchase_rate is '新客 30 天复购率 / New-customer 30-day repurchase
Repurchased within 30 days / mature new customers; empty while none is mature.';

-- view report.order_totals (see sql/views)
--   observed_until date
--   order_count bigint
--   gross_amount numeric
--   net_amount numeric
--   buyer_count bigint
--   repeat_buyer_count bigint
--   mature_new_customer_count bigint
--   repurchased_30d_count bigint
comment on view report.order_totals is '订单总览 / Orders in all
One row: everything up to the end of the facts.';
comment on column report.order_totals.observed_until is '数据截至 / Observed until
First day that has not been observed whole.';
comment on column report.order_totals.order_count is '订单数 / Orders
Orders, cancelled ones left out.';
comment on column report.order_totals.gross_amount is '订单金额 / Order value
Value of these orders after discount.';
comment on column report.order_totals.net_amount is '净销售额 / Net sales
Order value less returns.';
comment on column report.order_totals.buyer_count is '下单客户数 / Customers with an order
Known customers with an order.';
comment on column report.order_totals.repeat_buyer_count is '复购客户数 / Repeat customers
Of these, with two or more.';
comment on column report.order_totals.mature_new_customer_count is '已满观察期客户 / Mature customers
Known customers whose first order is at least 30 days old.';
comment on column report.order_totals.repurchased_30d_count is '30 天内复购客户 / Repurchased within 30 days
Of these, with an order 1 to 30 days after the first.';

-- view report.rfm_cells (see sql/views)
--   as_of_on date
--   latest boolean
--   recency_score smallint
--   frequency_score smallint
--   monetary_score smallint
--   rfm_group text
--   rfm_group_name text
--   rfm_group_name_en text
--   rfm_group_position integer
--   customer_count bigint
--   order_count bigint
--   gross_amount numeric(16,2)
--   net_amount numeric(16,2)
comment on view report.rfm_cells is 'RFM 单元格 / RFM cells
One row per scoring day and cell (R, F, M score) that has customers.';
comment on column report.rfm_cells.as_of_on is '评分日期 / Scoring day
The day: orders strictly before it count.';
comment on column report.rfm_cells.latest is '最近一次 / Latest
Whether this is the latest scoring day.';
comment on column report.rfm_cells.recency_score is 'R 得分 / Recency score
1 to 5; 5 = the most recent fifth.';
comment on column report.rfm_cells.frequency_score is 'F 得分 / Frequency score
1 to 5; 5 = the fifth with the most orders.';
comment on column report.rfm_cells.monetary_score is 'M 得分 / Monetary score
1 to 5; 5 = the fifth with the highest net spend.';
comment on column report.rfm_cells.rfm_group is 'RFM 分组编码 / RFM group code
Code of the named group; ''other'' where none fits.';
comment on column report.rfm_cells.rfm_group_name is 'RFM 分组 / RFM group
Chinese name of the group.';
comment on column report.rfm_cells.rfm_group_name_en is 'RFM 分组（英文） / RFM group (English)
English name of the group.';
comment on column report.rfm_cells.rfm_group_position is '排序 / Position
Order of the groups.';
comment on column report.rfm_cells.customer_count is '客户数 / Customers
Customers in the cell.';
comment on column report.rfm_cells.order_count is '累计订单数 / Orders to date
Their orders, life to date.';
comment on column report.rfm_cells.gross_amount is '累计消费 / Gross spend to date
Their order value, life to date.';
comment on column report.rfm_cells.net_amount is '累计净消费 / Net spend to date
Their order value less returns, life to date.';

-- view report.segment_days (see sql/views)
--   as_of_on date
--   rule_set_code text
--   rule_set_name text
--   rule_set_name_en text
--   segment_code text
--   segment_name text
--   segment_name_en text
--   segment_position integer
--   covered boolean
--   customer_count bigint
--   known_customer_count bigint
--   order_count bigint
--   net_amount numeric(16,2)
--   stale boolean
comment on view report.segment_days is '客群规模（按日） / Segment sizes by day
One row per rule set, computed day and segment, empty segments and ''other'' included. Days that were not computed are absent.';
comment on column report.segment_days.as_of_on is '日期 / Date
The day: orders strictly before it count.';
comment on column report.segment_days.rule_set_code is '分群规则编码 / Rule set code
Code of the rule set.';
comment on column report.segment_days.rule_set_name is '分群规则 / Rule set
Chinese name of the rule set.';
comment on column report.segment_days.rule_set_name_en is '分群规则（英文） / Rule set (English)
English name of the rule set.';
comment on column report.segment_days.segment_code is '客群编码 / Segment code
Code of the segment; ''other'' is everyone whom no rule takes.';
comment on column report.segment_days.segment_name is '客群 / Segment
Chinese name, of the newest version that has the segment.';
comment on column report.segment_days.segment_name_en is '客群（英文） / Segment (English)
English name, of the newest version that has the segment.';
comment on column report.segment_days.segment_position is '排序 / Position
Place among the rules, first match wins; ''other'' comes last.';
comment on column report.segment_days.covered is '规则覆盖 / Covered
Whether a rule takes these customers.';
comment on column report.segment_days.customer_count is '客户数 / Customers
Customers in the segment on that day.';
comment on column report.segment_days.known_customer_count is '全部客户数 / All customers
Customers known on that day, over all segments: the denominator of a share.';
comment on column report.segment_days.order_count is '累计订单数 / Orders to date
Orders of the segment''s customers, life to date.';
comment on column report.segment_days.net_amount is '累计净消费 / Net spend to date
Order value less returns of the segment''s customers, life to date.';
comment on column report.segment_days.stale is '待重算 / To be computed again
Facts or rules that concern the day have changed since it was computed.';

-- view report.segment_memberships (see sql/views)
--   customer_id bigint
--   rule_set_code text
--   rule_set_name text
--   rule_set_name_en text
--   segment_code text
--   segment_name text
--   segment_name_en text
--   segment_position integer
--   entered_on date
--   left_on date
comment on view report.segment_memberships is '客群成员区间 / Stays in segments
One row per customer, rule set and uninterrupted stay in a segment. On day D a customer is in the segment whose entered_on <= D and whose left_on is later than D or empty.';
comment on column report.segment_memberships.customer_id is '客户编号 / Customer
Number of the customer.';
comment on column report.segment_memberships.rule_set_code is '分群规则编码 / Rule set code
Code of the rule set.';
comment on column report.segment_memberships.rule_set_name is '分群规则 / Rule set
Chinese name of the rule set.';
comment on column report.segment_memberships.rule_set_name_en is '分群规则（英文） / Rule set (English)
English name of the rule set.';
comment on column report.segment_memberships.segment_code is '客群编码 / Segment code
Code of the segment; ''other'' is everyone whom no rule takes.';
comment on column report.segment_memberships.segment_name is '客群 / Segment
Chinese name, of the newest version that has the segment.';
comment on column report.segment_memberships.segment_name_en is '客群（英文） / Segment (English)
English name, of the newest version that has the segment.';
comment on column report.segment_memberships.segment_position is '排序 / Position
Place among the rules, first match wins; ''other'' comes last.';
comment on column report.segment_memberships.entered_on is '进入日期 / Entered on
First computed day in the segment.';
comment on column report.segment_memberships.left_on is '离开日期 / Left on
First computed day no longer in the segment; empty: still there.';

-- function app.wide_letters(searched text) returns text[] immutable
-- function ops.accept_customers(batch bigint) returns bigint volatile
-- function ops.accept_lock(batch bigint, fact_source text) returns void volatile
-- function ops.accept_orders(batch bigint, fact_source text, mode text, create_customers boolean) returns void volatile
-- function ops.accept_orders_advance(batch bigint) returns void volatile
-- function ops.accept_orders_json(fact_source text, body jsonb) returns jsonb volatile
-- function ops.accept_orders_known(batch bigint, fact_source text, mode text) returns void volatile
-- function ops.accept_orders_link(batch bigint, fact_source text) returns void volatile
-- function ops.accept_orders_store(batch bigint, fact_source text, zone text) returns void volatile
-- function ops.accept_returns(batch bigint, fact_source text, mode text, create_customers boolean) returns void volatile
-- function ops.accept_returns_apply(batch bigint, fact_source text) returns void volatile
-- function ops.accept_returns_claim(batch bigint, this_round integer, fact_source text, given_answer text) returns void volatile
-- function ops.accept_returns_json(fact_source text, body jsonb) returns jsonb volatile
-- function ops.accept_returns_known(batch bigint, fact_source text, mode text) returns void volatile
-- function ops.accept_returns_price(batch bigint, this_round integer) returns void volatile
-- function ops.accept_returns_store(batch bigint, this_round integer, fact_source text) returns void volatile
-- function ops.accept_returns_wait(batch bigint, fact_source text) returns void volatile
-- function ops.advance_customer_totals(target_on date) returns void volatile
-- function ops.apply_segment_changes(set_id bigint, as_of date, next_on date) returns void volatile
-- function ops.apply_segment_snapshot(rule_set_version_id bigint, as_of date) returns bigint volatile
-- function ops.clear_customer_day_changes() returns void volatile
-- function ops.clear_segment_assignments() returns void volatile
-- function ops.copy_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb) returns jsonb volatile
-- function ops.count_sign_in(attempted bytea) returns integer volatile
-- function ops.customer_spend(as_of date) returns TABLE(customer_id bigint, first_order_on date, last_order_on date, order_count bigint, gross_amount numeric, returned_amount numeric) stable
-- function ops.draft_segment_rule_set_version(set_id bigint, user_id bigint, rules jsonb, note text) returns jsonb volatile
-- function ops.empty_import_tables() returns boolean volatile
-- function ops.guard_segment_rule_set_versions(record_id bigint, user_id bigint, before jsonb, after jsonb) returns void volatile
-- function ops.guard_settings(record_id bigint, user_id bigint, before jsonb, after jsonb) returns void volatile
-- function ops.guard_tiers(record_id bigint, user_id bigint, before jsonb, after jsonb) returns void volatile
-- function ops.guard_users(record_id bigint, user_id bigint, before jsonb, after jsonb) returns void volatile
-- function ops.import_analyze() returns void volatile
-- function ops.import_order_keys(batch bigint) returns void volatile
-- function ops.import_order_lines_check(batch bigint) returns void volatile
-- function ops.import_orders(import_id bigint) returns jsonb volatile
-- function ops.import_orders_group(batch bigint) returns void volatile
-- function ops.import_orders_summary(batch bigint) returns jsonb stable
-- function ops.import_returns_group(batch bigint) returns void volatile
-- function ops.import_rows_repeated(batch bigint, key text[]) returns TABLE(row_no bigint, first_row_no bigint) volatile
-- function ops.mark_dirty(fact_table text, days date[]) returns void volatile
-- function ops.new_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb) returns jsonb volatile
-- function ops.publish_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb) returns jsonb volatile
-- function ops.refresh_customer_day(days date[], OUT row_count bigint, OUT first_changed_on date) returns record volatile
-- function ops.refresh_customer_start() returns bigint volatile
-- function ops.refresh_customer_totals() returns void volatile
-- function ops.refresh_order_day(days date[]) returns bigint volatile
-- function ops.refresh_order_period(days date[]) returns bigint volatile
-- function ops.refresh_rollups(as_of date) returns bigint volatile
-- function ops.request_segment_history(record_id bigint, user_id bigint, input jsonb) returns jsonb volatile
-- function ops.restate_customer_totals(customers bigint[]) returns void volatile
-- function ops.rfm_cuts(as_of date) returns TABLE(customer_count bigint, recency_cuts numeric[], frequency_cuts numeric[], monetary_cuts numeric[]) stable
-- function ops.rfm_group_codes() returns text[] stable
-- function ops.rfm_scored(as_of date) returns TABLE(customer_id bigint, first_order_on date, last_order_on date, order_count bigint, gross_amount numeric, net_amount numeric, recency_score integer, frequency_score integer, monetary_score integer, rfm_group text) stable
-- function ops.rfm_scores(as_of date) returns bigint volatile
-- function ops.segment_facts(as_of date) returns TABLE(customer_id bigint, recency_days integer, order_count bigint, gross_amount numeric, returned_amount numeric, net_amount numeric, mean_gross_amount numeric, mean_net_amount numeric, average_order_amount numeric, first_order_on date, last_order_on date, first_order_days integer, enrolled_on date, enrolled_days integer, recency_score integer, frequency_score integer, monetary_score integer, rfm_group text, age integer, birth_month integer, gender text, education text, occupation text, province text, city text, channel text, status text, tags text[], consent_sms boolean, consent_email boolean, consent_push boolean, consent_wecom boolean, consent_profiling boolean) stable
-- function ops.store_segment_day(rule_set_version_id bigint, as_of date) returns void volatile
-- function ops.sweep_sign_ins(as_of date) returns bigint volatile
