-- After a change of people: nobody locks themselves out, and somebody can always administer.
create function ops.guard_users(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  was_administrator constant boolean := coalesce(before -> 'roles' ? 'administrator' and before ->> 'status' = 'active', false);
  is_administrator constant boolean := coalesce(after -> 'roles' ? 'administrator' and after ->> 'status' = 'active', false);
begin
  if after is not null and exists (
    select
    from jsonb_array_elements_text(after -> 'roles') as given (code)
    where not exists (
      select
      from app.roles
      where roles.code = given.code
    )
  ) then
    raise exception '没有这个角色 | There is no such role' using errcode = 'EG422', column = 'roles';
  end if;

  if not was_administrator or is_administrator then
    return;
  end if;

  if guard_users.record_id = guard_users.user_id then
    raise exception '不能停用、删除自己或收回自己的管理员权限 | You cannot disable or delete yourself, or give up your own administration'
      using errcode = 'EG409', hint = '请由另一位管理员操作 | Ask another administrator to do it';
  end if;

  if not ops.other_administrator(guard_users.record_id) then
    raise exception '至少要保留一位可登录的管理员 | At least one administrator must be able to sign in'
      using errcode = 'EG409', hint = '请先指定另一位管理员 | Make somebody else an administrator first';
  end if;
end;
$$;

comment on function ops.guard_users(bigint, bigint, jsonb, jsonb) is
  'Refuses a change of a user that would leave nobody to administer, or with which administrators lock themselves out.';
