create view base.programme_versions as
select
  programme_versions.id,
  programme_versions.resource,
  programme_versions.record_id,
  programme_versions.effective_from_at,
  lead(programme_versions.effective_from_at) over later as effective_until_at,
  programme_versions.body
from app.programme_versions
window later as (
  partition by programme_versions.resource, programme_versions.record_id
  order by programme_versions.effective_from_at, programme_versions.id
);

comment on view base.programme_versions is
  'Versions in force
One row per version of a configuration record, with the time from which and until which it holds.';
