-- After a change of a view: it belongs to whoever made it, and only the programme's staff choose what others see first.
create function ops.guard_saved_views(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
stable
as $$
declare
  editor_roles constant text[] := (select users.roles from app.users where users.id = guard_saved_views.user_id);
begin
  if before is not null
    and (before ->> 'owner_id')::bigint <> guard_saved_views.user_id
    and not 'administrator' = any (editor_roles) then
    raise exception '只有创建者和管理员可以修改这个视图 | Only its owner and administrators may change this view'
      using errcode = 'EG403', hint = '可以另存为自己的视图 | Save it as a view of your own';
  end if;

  if coalesce(after -> 'default_roles', '[]') <> coalesce(before -> 'default_roles', '[]')
    and not editor_roles && array['administrator', 'operator'] then
    raise exception '只有管理员和运营可以设为角色默认视图 | Only administrators and operators choose the default view of a role'
      using errcode = 'EG403', column = 'default_roles';
  end if;

  if after ->> 'visibility' = 'roles' and jsonb_array_length(after -> 'roles') = 0 then
    raise exception '请选择共享给哪些角色 | Choose the roles to share it with'
      using errcode = 'EG422', column = 'roles';
  end if;

  if jsonb_array_length(coalesce(after -> 'default_roles', '[]')) > 0
    and not (
      after ->> 'visibility' = 'everyone'
      or (after ->> 'visibility' = 'roles' and after -> 'roles' @> (after -> 'default_roles'))
    ) then
    raise exception '默认视图要先共享给该角色 | A default view must be shared with the role first'
      using errcode = 'EG422', column = 'default_roles';
  end if;
end;
$$;

comment on function ops.guard_saved_views(bigint, bigint, jsonb, jsonb) is
  'Refuses a change of somebody else''s view, and defaults for roles that cannot see the view.';
