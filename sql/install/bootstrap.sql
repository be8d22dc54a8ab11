-- The installer's own record. Run before every look at what is pending.

create schema if not exists app;

create table if not exists app.migrations (
  number integer primary key,
  name text not null,
  hash text not null,
  applied_at timestamptz not null default now()
);
comment on table app.migrations is 'One row per migration that ran here, with the hash of its text.';

create table if not exists app.rebuilds (
  id bigint generated always as identity primary key,
  hash text not null,
  version text not null,
  migration integer not null,
  rebuilt_at timestamptz not null default now()
);
comment on table app.rebuilds is
  'One row per rebuild of the schemas base, report and ops: the hash of its files and the release (version, highest migration) that did it.';
