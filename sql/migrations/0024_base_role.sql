-- A name that ends in "_on" is a date.
alter table app.roles rename column based_on to base_role;
alter table app.roles rename constraint roles_based_on_check to roles_base_role_check;
comment on table app.roles is
  'What people may be. base_role: made by staff from a built-in role, whose grants it has where nothing else is said; empty: built in.';
