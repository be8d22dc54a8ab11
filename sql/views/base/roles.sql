create view base.roles as

select
  roles.id,
  roles.code,
  roles.name_zh,
  roles.name_en,
  roles.description,
  roles.base_role,
  roles.base_role is null as built_in,
  (
    select count(*)
    from app.users
    where roles.code = any (users.roles)
      and users.status = 'active'
  ) as people,
  roles.version,
  roles.created_at,
  roles.updated_at
from app.roles;

comment on view base.roles is
  'Roles
One row per role, with how many active people have it.';
