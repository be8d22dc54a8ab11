-- Which files of the default programme a database has had, so that a release can bring more of it without ever putting
-- back what people changed or deleted.

create table app.default_files (
  name text primary key,
  applied_at timestamptz not null default now()
);
comment on table app.default_files is
  'Files of sql/defaults that were applied to this database. Each is applied once; what it put in is data that staff change or delete.';

insert into app.default_files (name, applied_at)
select
  files.name,
  settings.defaults_at
from app.settings
cross join unnest(array['10_segments', '20_rfm_groups', '30_tiers']) as files (name)
where settings.defaults_at is not null;

comment on column app.settings.defaults_at is 'When the first files of the default programme were put in; which ones, app.default_files says.';
