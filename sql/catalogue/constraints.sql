-- One row per constraint of a table of schema app. A "not null" is told with its column.

select
  pg_class.relname as table_name,
  pg_constraint.conname as constraint_name,
  pg_constraint.contype as kind,
  pg_get_constraintdef(pg_constraint.oid) as definition,
  (
    select array_agg(pg_attribute.attname::text order by keys.position)
    from unnest(pg_constraint.conkey) with ordinality as keys (attnum, position)
    inner join pg_attribute
      on pg_attribute.attrelid = pg_constraint.conrelid
      and pg_attribute.attnum = keys.attnum
  ) as columns,
  nullif(pg_constraint.confrelid, 0)::regclass::text as referenced_table,
  pg_constraint.confdeltype as on_delete
from pg_constraint
inner join pg_class
  on pg_class.oid = pg_constraint.conrelid
where pg_class.relnamespace = 'app'::regnamespace
  and not pg_class.relispartition
  and pg_constraint.contype in ('p', 'u', 'f', 'c', 'x')
order by
  pg_class.relname collate "C",
  array_position(array['p', 'u', 'x', 'f', 'c']::"char"[], pg_constraint.contype),
  pg_constraint.conname collate "C";
