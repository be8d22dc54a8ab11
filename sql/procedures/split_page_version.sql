create function ops.split_page_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  changed app.page_versions;
  share numeric(5, 4) := (input ->> 'share_rate')::numeric;
begin
  perform
  from app.pages
  where pages.id = (select page_versions.page_id from app.page_versions where page_versions.id = record_id)
  for update;

  select page_versions.* into changed from app.page_versions where page_versions.id = record_id for update;

  if changed.state <> 'published' or not exists (
    select
    from app.page_versions as other
    where other.page_id = changed.page_id
      and other.state = 'published'
      and other.id <> changed.id
  ) then
    raise exception '没有进行中的分流 | No split is running'
      using errcode = 'EG409', hint = '发布另一版本时填写分流占比 | Publish another version with a share';
  end if;

  if share <= 0 or share >= 1 then
    raise exception '分流占比须大于 0 小于 100%% | The share must be above 0 and below 100%%'
      using errcode = 'EG422', column = 'share_rate', hint = '要结束分流，请采用其中一个版本 | To end it, keep one of the two';
  end if;

  update app.page_versions
  set
    share_rate = case when page_versions.id = changed.id then share else 1 - share end,
    version = page_versions.version + 1,
    updated_at = now()
  where page_versions.page_id = changed.page_id
    and page_versions.state = 'published';

  return jsonb_build_object(
    'id', record_id,
    'message', jsonb_build_array(
      format('%s%% 的访客看到版本 %s', round(share * 100, 1), changed.number),
      format('%s%% of the visitors get version %s', round(share * 100, 1), changed.number)
    )
  );
end;
$$;

comment on function ops.split_page_version(bigint, bigint, jsonb) is
  'Action of a version that is live beside another: input.share_rate of the visitors get it, the rest the other.';
