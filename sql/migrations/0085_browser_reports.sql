-- Reports written in the browser: the same text as a file under reports/pages, with every version that was ever kept.
create table app.browser_reports (
  id bigint generated always as identity primary key,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
  live_number integer,
  deleted_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint browser_reports_slug_key unique (slug),
  constraint browser_reports_deleted check (deleted_at is null or live_number is null)
);
comment on table app.browser_reports is
  'One row per report that was written in the browser, also after it was deleted: which of its versions is published.';
comment on column app.browser_reports.live_number is 'The version that people read, a number of app.browser_report_versions; null while none is published.';
comment on column app.browser_reports.version is 'Grows with every change, so that of two who save the second is told.';

create table app.browser_report_versions (
  report_id bigint not null references app.browser_reports on delete restrict,
  number integer not null check (number >= 1),
  body text not null check (length(body) <= 200000),
  note text check (note <> '' and length(note) <= 200),
  published boolean not null,
  written_by bigint not null references app.users on delete restrict,
  written_at timestamptz not null default now(),
  constraint browser_report_versions_pkey primary key (report_id, number)
);
create index browser_report_versions_written_by_idx on app.browser_report_versions (written_by);
comment on table app.browser_report_versions is
  'One row per text of a browser report that was kept. Append-only for every login but the owner.';
comment on column app.browser_report_versions.published is 'Whether it was published when it was kept; false for a draft.';
