-- Which customers turned out to be one person, who said so, and why.
create table app.customer_links (
  customer_id bigint primary key references app.customers on delete restrict,
  survivor_id bigint not null references app.customers on delete restrict,
  merged_at timestamptz not null,
  merged_by bigint references app.users on delete set null,
  reason text not null,
  check (survivor_id <> customer_id)
);
create index customer_links_survivor_id_idx on app.customer_links (survivor_id);
create index customer_links_merged_by_idx on app.customer_links (merged_by);
comment on table app.customer_links is
  'Each merge of a customer into another, as it was said: customer_id was the duplicate. Where that is now, through merges since, app.customers.merged_into_id says. Append-only for every login but the owner.';

-- Likely duplicates are looked up by what two records have in common.
create index customers_same_phone_idx on app.customers (right(regexp_replace(phone, '\D', '', 'g'), 11)) where phone is not null;
create index customers_same_email_idx on app.customers (lower(btrim(email))) where email is not null;
create index customers_same_name_idx on app.customers (name, birth_on) where name is not null and birth_on is not null;
