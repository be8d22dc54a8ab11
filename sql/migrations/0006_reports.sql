-- Reports come from files; what was published stays here, so that the last good version outlives a restart.

create table app.report_versions (
  slug text not null,
  hash text not null,
  body text not null,
  published_at timestamptz not null default now(),
  primary key (slug, hash)
);
create index report_versions_latest_idx on app.report_versions (slug, published_at desc);
comment on table app.report_versions is
  'One row per text of a report file that compiled: its SHA-256, the text, and when it last went live.';
