-- For a restore, which fills the tables in the order of their names with rows as they were: foreign keys step aside, and
-- triggers, which would note every fact once more. The definitions of the keys are kept in a temporary table, from which
-- checks_on.sql brings them back within the same transaction.

create temporary table kept_references on commit drop as
select
  pg_constraint.conrelid::regclass as table_name,
  pg_constraint.conname as constraint_name,
  pg_get_constraintdef(pg_constraint.oid) as definition
from pg_constraint
where pg_constraint.connamespace = 'app'::regnamespace
  and pg_constraint.contype = 'f'
  and pg_constraint.conparentid = 0;

create temporary table kept_triggers on commit drop as
select distinct pg_trigger.tgrelid::regclass as table_name
from pg_trigger
inner join pg_class
  on pg_class.oid = pg_trigger.tgrelid
where pg_class.relnamespace = 'app'::regnamespace
  and not pg_trigger.tgisinternal
  and pg_trigger.tgparentid = 0;

do $$
declare
  kept record;
begin
  for kept in select * from kept_references loop
    execute format('alter table %s drop constraint %I', kept.table_name, kept.constraint_name);
  end loop;
  for kept in select * from kept_triggers loop
    execute format('alter table %s disable trigger user', kept.table_name);
  end loop;
end
$$;
