-- One row per function or procedure of the product's schemas.

select
  pg_namespace.nspname as schema_name,
  pg_proc.proname as routine_name,
  case pg_proc.prokind when 'p' then 'procedure' else 'function' end as kind,
  pg_get_function_identity_arguments(pg_proc.oid) as arguments,
  pg_get_function_result(pg_proc.oid) as result,
  case pg_proc.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  obj_description(pg_proc.oid, 'pg_proc') as routine_comment
from pg_proc
inner join pg_namespace
  on pg_namespace.oid = pg_proc.pronamespace
where pg_namespace.nspname in ('app', 'base', 'report', 'ops')
order by
  array_position(array['app', 'base', 'report', 'ops']::name[], pg_namespace.nspname),
  pg_proc.proname collate "C",
  pg_get_function_identity_arguments(pg_proc.oid);
