create function ops.guard_communities(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after is null and exists (
    select from app.community_members where community_members.community_id = record_id
    union all
    select from app.community_posts where community_posts.community_id = record_id
  ) then
    raise exception '社群已有成员或发布，不能删除 | The community has members or posts: it cannot be deleted'
      using errcode = 'EG409', hint = '可将其关闭 | Close it instead';
  end if;
end;
$$;

comment on function ops.guard_communities(bigint, bigint, jsonb, jsonb) is 'A community with members or posts stays.';
