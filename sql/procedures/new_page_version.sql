create function ops.new_page_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  select ops.draft_page_version(
    record_id,
    (
      select page_versions.id
      from app.page_versions
      where page_versions.page_id = record_id
      order by page_versions.state = 'published' desc, page_versions.number desc
      limit 1
    ),
    user_id,
    input ->> 'note'
  );
end;

comment on function ops.new_page_version(bigint, bigint, jsonb) is
  'Action of a page: a draft with the blocks of its newest published version, else of its newest; of an external page the layout it has from now on.';
