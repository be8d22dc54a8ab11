-- One row per index of a table of schema app that no constraint made.

select
  pg_class.relname as table_name,
  indexes.relname as index_name,
  pg_get_indexdef(pg_index.indexrelid) as definition
from pg_index
inner join pg_class
  on pg_class.oid = pg_index.indrelid
inner join pg_class as indexes
  on indexes.oid = pg_index.indexrelid
where pg_class.relnamespace = 'app'::regnamespace
  and not pg_class.relispartition
  and not exists (
    select
    from pg_constraint
    where pg_constraint.conindid = pg_index.indexrelid
      and pg_constraint.conrelid = pg_index.indrelid
  )
order by pg_class.relname collate "C", indexes.relname collate "C";
