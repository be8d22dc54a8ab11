-- After a change of a role: the built-in ones stay, and nobody is left holding a role that is gone.
create function ops.guard_roles(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  holders bigint;
begin
  if before is not null and before ->> 'base_role' is null then
    if after is null then
      raise exception '内置角色不能删除 | A built-in role cannot be deleted' using errcode = 'EG409';
    end if;
    if after ->> 'base_role' is not null then
      raise exception '内置角色不能改为基于其他角色 | A built-in role is not based on another'
        using errcode = 'EG422', column = 'base_role';
    end if;
    return;
  end if;

  if after is not null and after ->> 'base_role' is null then
    raise exception '请选择所基于的内置角色 | Choose the built-in role it is based on'
      using errcode = 'EG422', column = 'base_role';
  end if;

  if after is null then
    -- Whoever is given the role at this moment waits for the row that is going away, and finds it gone.
    select count(*)
    into holders
    from app.users
    where before ->> 'code' = any (users.roles);
    if holders > 0 then
      raise exception '仍有 % 位用户使用该角色 | % people still have this role', holders, holders
        using errcode = 'EG409', hint = '请先调整这些用户的角色 | Give them another role first';
    end if;
  end if;
end;
$$;

comment on function ops.guard_roles(bigint, bigint, jsonb, jsonb) is
  'Refuses to delete or rebase a built-in role, and to delete a role that somebody has.';
