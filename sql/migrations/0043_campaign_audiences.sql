-- Who a campaign is for decides what its rules give: as of each fact, and never to whom it leaves out to compare with.

create unlogged table app.engine_audience (
  run_id bigint not null,
  round integer not null,
  customer_id bigint not null,
  campaign_id bigint not null,
  primary key (run_id, round, customer_id, campaign_id)
);
comment on table app.engine_audience is 'Whose fact of the round satisfies the further condition of a campaign that has one.';
