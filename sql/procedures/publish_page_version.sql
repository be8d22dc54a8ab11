create function ops.publish_page_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  draft app.page_versions;
  page app.pages;
  live_count bigint;
  share numeric(5, 4) := (input ->> 'share_rate')::numeric;
begin
  -- One publication per page at a time: the page first, then its versions.
  select pages.*
  into page
  from app.pages
  where pages.id = (select page_versions.page_id from app.page_versions where page_versions.id = record_id)
  for update;

  select page_versions.* into draft from app.page_versions where page_versions.id = record_id for update;

  if not found then
    raise exception '没有这个版本 | There is no such version' using errcode = 'EG404';
  end if;

  if draft.state <> 'draft' then
    raise exception '只有草稿可以发布 | Only a draft can be published'
      using errcode = 'EG409', hint = '请基于它新建版本 | Make a new version of it';
  end if;

  if page.status = 'retired' then
    raise exception '页面已下线 | The page is taken down' using errcode = 'EG409', hint = '请先恢复页面 | Bring it back first';
  end if;

  if jsonb_array_length(draft.blocks) = 0 then
    raise exception '页面还没有区块 | The page has no blocks yet'
      using errcode = 'EG422', hint = '请至少添加一个区块 | Add a block first';
  end if;

  select count(*)
  into live_count
  from app.page_versions
  where page_versions.page_id = page.id
    and page_versions.state = 'published';

  if share is not null and live_count <> 1 then
    raise exception '分流须有且仅有一个在线版本 | A split needs exactly one version that is live'
      using errcode = 'EG422', column = 'share_rate',
        hint = case live_count
          when 0 then '首次发布请留空 | Leave it empty the first time'
          else '请先采用其中一个版本 | Keep one of the two first'
        end;
  end if;

  if share is not null and (share <= 0 or share >= 1) then
    raise exception '分流占比须大于 0 小于 100%% | The share must be above 0 and below 100%%'
      using errcode = 'EG422', column = 'share_rate';
  end if;

  update app.page_versions
  set
    state = case when share is null then 'retired' else page_versions.state end,
    share_rate = case when share is null then page_versions.share_rate else 1 - share end,
    version = page_versions.version + 1,
    updated_at = now()
  where page_versions.page_id = page.id
    and page_versions.state = 'published';

  update app.page_versions
  set
    state = 'published',
    share_rate = coalesce(share, 1),
    elements = input -> 'elements',
    published_by = nullif(publish_page_version.user_id, 0),
    published_at = now(),
    version = page_versions.version + 1,
    updated_at = now()
  where page_versions.id = record_id;

  update app.pages
  set
    status = 'active',
    version = pages.version + 1,
    updated_at = now()
  where pages.id = page.id
    and pages.status = 'draft';

  return jsonb_build_object(
    'id', record_id,
    'message', case
      when share is null then jsonb_build_array(
        format('版本 %s 已发布：/p/%s', draft.number, page.code),
        format('Version %s is live: /p/%s', draft.number, page.code)
      )
      else jsonb_build_array(
        format('版本 %s 已发布，%s%% 的访客看到它', draft.number, round(share * 100, 1)),
        format('Version %s is live for %s%% of the visitors', draft.number, round(share * 100, 1))
      )
    end
  );
end;
$$;

comment on function ops.publish_page_version(bigint, bigint, jsonb) is
  'Publishes a draft: input.elements is what carries a data-hm id in it. It takes the place of what is live, or goes beside the one version
that is live, for input.share_rate of the visitors.';
