create function ops.copy_page_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  select ops.draft_page_version(page_versions.page_id, page_versions.id, user_id, input ->> 'note')
  from app.page_versions
  where page_versions.id = record_id;
end;

comment on function ops.copy_page_version(bigint, bigint, jsonb) is
  'Action of a version: a draft with its blocks. Publishing a copy of an older version takes the newer one back.';
