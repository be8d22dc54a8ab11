create function ops.guard_segment_rule_set_versions(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if before ->> 'state' <> 'draft' then
    raise exception '已发布的版本不能修改或删除 | A published version can be neither changed nor deleted'
      using errcode = 'EG409', hint = '请基于它新建版本 | Make a new version of it';
  end if;

  if exists (
    select
    from jsonb_array_elements(after -> 'rules') as rules (rule)
    group by rules.rule ->> 'code'
    having count(*) > 1
      or rules.rule ->> 'code' = 'other'
  ) then
    raise exception '客群编码不能重复，也不能使用 other | Segment codes must differ, and none may be "other"'
      using errcode = 'EG422', column = 'rules';
  end if;
end;
$$;

comment on function ops.guard_segment_rule_set_versions(bigint, bigint, jsonb, jsonb) is
  'Only drafts are changed or deleted; the codes of a version''s rules differ and leave ''other'' to whom no rule takes.';
