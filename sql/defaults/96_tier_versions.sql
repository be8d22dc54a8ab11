-- Tiers as they are hold from the beginning.
insert into app.programme_versions (resource, record_id, effective_from_at, body)
select
  'tiers',
  tiers.id,
  '-infinity',
  to_jsonb(tiers) - array['name', 'name_en', 'color', 'description', 'created_at', 'updated_at', 'version', 'extras']
from app.tiers
where not exists (
  select
  from app.programme_versions
  where programme_versions.resource = 'tiers'
    and programme_versions.record_id = tiers.id
);
