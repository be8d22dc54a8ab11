-- What benefits multiply points by is read out of their versions once a run, and found for a whole round at a time.
create unlogged table app.engine_multipliers (
  run_id bigint not null,
  benefit_id bigint not null,
  version_id bigint not null,
  package_version_id bigint,
  effective_from_at timestamptz not null,
  effective_until_at timestamptz,
  point_multiplier numeric not null,
  tiers bigint[] not null,
  segments bigint[] not null,
  occasion text not null,
  occasion_days integer,
  starts_on date,
  ends_on date
);
create index engine_multipliers_package_version_idx on app.engine_multipliers (run_id, package_version_id);
comment on table app.engine_multipliers is 'The versions of benefits that multiply points in a run: for holders of a version of a package, or (package_version_id null) by themselves.';

create unlogged table app.engine_held (
  run_id bigint not null,
  round integer not null,
  customer_id bigint not null,
  more numeric not null,
  parts jsonb not null,
  primary key (run_id, round, customer_id)
);
comment on table app.engine_held is 'Whose order of the round is multiplied by benefits: what these exceed one by, and which they are.';
