-- After a change of a page. A new one gets its first version: an own page a draft, an external one the layout it has now.
create function ops.guard_pages(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after is null then
    return;
  end if;

  if after ->> 'kind' = 'external' and exists (
    select
    from app.pages
    where pages.id <> record_id
      and pages.status <> 'retired'
      and pages.address_pattern = after ->> 'address_pattern'
  ) then
    raise exception '此地址规则已登记 | Another page has this pattern'
      using errcode = 'EG422', column = 'address_pattern';
  end if;

  if before is null then
    perform ops.draft_page_version(record_id, null, user_id, null);
    update app.pages
    set status = 'active'
    where pages.id = record_id
      and pages.kind = 'external';
  end if;
end;
$$;

comment on function ops.guard_pages(bigint, bigint, jsonb, jsonb) is
  'A new page gets its first version; patterns of external pages differ. One with published versions is kept by these (app.keep_published_page).';
