create function ops.draft_page_version(of_page_id bigint, from_version_id bigint, user_id bigint, note text)
returns jsonb
language plpgsql
volatile
as $$
declare
  page app.pages;
  drafted record;
begin
  -- Two people who draft at the same moment get two numbers.
  select pages.* into page from app.pages where pages.id = of_page_id for update;

  -- An external page is not edited here: a version of it is the layout it has from now on.
  if page.kind = 'external' then
    update app.page_versions
    set
      state = 'retired',
      version = page_versions.version + 1,
      updated_at = now()
    where page_versions.page_id = of_page_id
      and page_versions.state = 'published';
  end if;

  insert into app.page_versions (
    page_id, number, state, title, title_en, summary, summary_en, accent, blocks, note, created_by, published_by, published_at
  )
  select
    page.id,
    coalesce((select max(page_versions.number) from app.page_versions where page_versions.page_id = page.id), 0) + 1,
    case page.kind when 'external' then 'published' else 'draft' end,
    coalesce(source.title, page.name),
    coalesce(source.title_en, page.name_en),
    source.summary,
    source.summary_en,
    coalesce(source.accent, 'green'),
    coalesce(source.blocks, '[]'),
    draft_page_version.note,
    nullif(draft_page_version.user_id, 0),
    case page.kind when 'external' then nullif(draft_page_version.user_id, 0) end,
    case page.kind when 'external' then now() end
  from (values (from_version_id)) as asked (version_id)
  left join app.page_versions as source
    on source.id = asked.version_id
  returning page_versions.id, page_versions.number
  into drafted;

  return jsonb_build_object(
    'id', drafted.id,
    'resource', 'page_versions',
    'message', case page.kind
      when 'external' then jsonb_build_array(
        format('已登记改版，此后按版本 %s 统计', drafted.number),
        format('From now on it is counted as version %s', drafted.number)
      )
      else jsonb_build_array(
        format('已新建草稿，版本 %s', drafted.number),
        format('Version %s is a draft now', drafted.number)
      )
    end
  );
end;
$$;

comment on function ops.draft_page_version(bigint, bigint, bigint, text) is
  'Adds a version to a page: of its own pages a draft with the blocks of the version named (null: none), of an external page the layout that
is published from now on. Answers its id, the resource it belongs to and a sentence.';
