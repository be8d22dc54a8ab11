-- One row per table of schema app whose rows belong in a backup, with the columns that can be written.
-- Unlogged tables hold work in progress, and the installer's record is told in the head of the file.

select
  pg_class.relname as table_name,
  array_agg(pg_attribute.attname::text order by pg_attribute.attnum) as columns
from pg_class
inner join pg_attribute
  on pg_attribute.attrelid = pg_class.oid
where pg_class.relnamespace = 'app'::regnamespace
  and pg_class.relkind in ('r', 'p')
  and not pg_class.relispartition
  and pg_class.relpersistence = 'p'
  and pg_class.relname not in ('migrations', 'rebuilds')
  and pg_attribute.attnum > 0
  and not pg_attribute.attisdropped
  and pg_attribute.attgenerated = ''
group by pg_class.oid, pg_class.relname
order by pg_class.relname collate "C";
