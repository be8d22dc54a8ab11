-- For a restore, which fills the tables in the order of their names: foreign keys step aside. Their definitions are kept
-- in a temporary table, from which add_references.sql brings them back within the same transaction.

create temporary table kept_references on commit drop as
select
  pg_constraint.conrelid::regclass as table_name,
  pg_constraint.conname as constraint_name,
  pg_get_constraintdef(pg_constraint.oid) as definition
from pg_constraint
where pg_constraint.connamespace = 'app'::regnamespace
  and pg_constraint.contype = 'f'
  and pg_constraint.conparentid = 0;

do $$
declare
  kept record;
begin
  for kept in select * from kept_references loop
    execute format('alter table %s drop constraint %I', kept.table_name, kept.constraint_name);
  end loop;
end
$$;
