-- Results of reports that are not run for everybody who opens them. Nothing is lost with it.
create table app.report_results (
  key text primary key,
  slug text not null,
  ran_at timestamptz not null,
  result jsonb not null
);
create index report_results_ran_idx on app.report_results (ran_at);
comment on table app.report_results is 'What cached and nightly reports gave last, so that not everybody who opens one runs it.';
comment on column app.report_results.key is 'SHA-256 of the text of the report and of the values it was run for.';
