create function ops.guard_page_versions(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if before ->> 'state' <> 'draft' then
    raise exception '已发布的版本不能修改或删除 | A published version can be neither changed nor deleted'
      using errcode = 'EG409', hint = '请基于它新建版本 | Make a new version of it';
  end if;
end;
$$;

comment on function ops.guard_page_versions(bigint, bigint, jsonb, jsonb) is 'Only drafts are changed or deleted.';
