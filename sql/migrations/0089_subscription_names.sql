-- What a subscription is to, by name: a list of slugs and codes tells nobody what they will be sent.
alter table app.subscriptions
  add column target_name text not null default '',
  add column target_name_en text not null default '';
comment on column app.subscriptions.target_name is 'The heading of the report, the metric or the area when it was last asked for or sent; empty before.';
