-- One row per foreign key of schema app, with whether an index begins with its columns, in whatever order.

select
  pg_constraint.conname as constraint_name,
  exists (
    select
    from pg_index
    where pg_index.indrelid = pg_constraint.conrelid
      and pg_index.indisvalid
      and pg_constraint.conkey <@ (pg_index.indkey::smallint[])[0:cardinality(pg_constraint.conkey) - 1]
  ) as indexed
from pg_constraint
where pg_constraint.connamespace = 'app'::regnamespace
  and pg_constraint.contype = 'f'
  and pg_constraint.conparentid = 0
order by pg_constraint.conname;
