create view base.saved_views as

select
  saved_views.id,
  saved_views.code,
  saved_views.resource,
  saved_views.name,
  saved_views.owner_id,
  users.name as owner,
  saved_views.visibility,
  saved_views.roles,
  saved_views.default_roles,
  saved_views.version,
  saved_views.created_at,
  saved_views.updated_at
from app.saved_views
inner join app.users
  on users.id = saved_views.owner_id;

comment on view base.saved_views is
  'Saved views
One row per view of a list, with the name of who made it. What the view asks for is not in it: a condition may hold what its readers must not see.';
