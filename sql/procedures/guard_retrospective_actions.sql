create function ops.guard_retrospective_actions(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after is null and exists (
    select
    from app.retrospective_signatures
    where retrospective_signatures.actions @> jsonb_build_array(jsonb_build_object('id', record_id))
  ) then
    raise exception '这项行动已写入签署的复盘，不能删除 | It is part of a signed retrospective: it cannot be deleted'
      using errcode = 'EG409', hint = '可将其状态改为放弃 | Drop it instead';
  end if;
end;
$$;

comment on function ops.guard_retrospective_actions(bigint, bigint, jsonb, jsonb) is 'What a signed retrospective decided stays, done or dropped.';
