create function ops.adopt_page_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  kept app.page_versions;
begin
  perform
  from app.pages
  where pages.id = (select page_versions.page_id from app.page_versions where page_versions.id = record_id)
  for update;

  select page_versions.* into kept from app.page_versions where page_versions.id = record_id for update;

  if kept.state <> 'published' then
    raise exception '只有已发布的版本可以采用 | Only a published version can be kept' using errcode = 'EG409';
  end if;

  update app.page_versions
  set
    state = case when page_versions.id = kept.id then 'published' else 'retired' end,
    share_rate = case when page_versions.id = kept.id then 1 else page_versions.share_rate end,
    version = page_versions.version + 1,
    updated_at = now()
  where page_versions.page_id = kept.page_id
    and page_versions.state = 'published';

  return jsonb_build_object(
    'id', record_id,
    'message', jsonb_build_array(
      format('全部访客看到版本 %s', kept.number),
      format('Every visitor gets version %s now', kept.number)
    )
  );
end;
$$;

comment on function ops.adopt_page_version(bigint, bigint, jsonb) is
  'Action of a published version: everybody gets it, what was live beside it is retired.';
