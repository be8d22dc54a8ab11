-- One row per right that a login holds and must not hold. $1 is the app login, $2 the report login.
-- What is grave stops the start; the rest is said in the log.

with logins as (
  select
    pg_roles.oid,
    pg_roles.rolname::text as login,
    case pg_roles.rolname when $1 then 'app' else 'report' end as purpose,
    pg_roles.rolsuper,
    pg_roles.rolcreaterole,
    pg_roles.rolcreatedb,
    pg_roles.rolreplication,
    pg_roles.rolbypassrls
  from pg_roles
  where pg_roles.rolname in ($1, $2)
),

ours as (
  select
    pg_class.oid,
    pg_namespace.nspname as schema_name,
    format('%I.%I', pg_namespace.nspname, pg_class.relname) as relation_name,
    coalesce(obj_description(pg_class.oid, 'pg_class'), '') like '%Append-only for every login but the owner%'
      or pg_class.relname in ('migrations', 'rebuilds') as append_only
  from pg_class
  inner join pg_namespace
    on pg_namespace.oid = pg_class.relnamespace
  where pg_namespace.nspname in ('app', 'base', 'report', 'ops')
    and pg_class.relkind in ('r', 'p', 'v', 'm')
),

powers as (
  select
    logins.login,
    true as grave,
    'is a superuser' as finding
  from logins
  where logins.rolsuper

  union all

  select
    logins.login,
    true as grave,
    'may make roles or databases, replicate, or pass row security' as finding
  from logins
  where (logins.rolcreaterole or logins.rolcreatedb or logins.rolreplication or logins.rolbypassrls)
    and not logins.rolsuper

  union all

  select
    logins.login,
    true as grave,
    format('is a member of %I, who owns %I', pg_get_userbyid(pg_namespace.nspowner), pg_namespace.nspname) as finding
  from logins
  inner join pg_namespace
    on pg_namespace.nspname in ('app', 'report')
  where pg_has_role(logins.oid, pg_namespace.nspowner, 'member')
    and not logins.rolsuper

  union all

  select
    logins.login,
    pg_namespace.nspname <> 'public' as grave,
    format('may create objects in schema %I', pg_namespace.nspname) as finding
  from logins
  inner join pg_namespace
    on pg_namespace.nspname in ('app', 'base', 'report', 'ops', 'public')
  where has_schema_privilege(logins.oid, pg_namespace.oid, 'create')
    and not logins.rolsuper

  union all

  select
    logins.login,
    false as grave,
    format('may create schemas in database %I', current_database()) as finding
  from logins
  where has_database_privilege(logins.oid, current_database(), 'create')
    and not logins.rolsuper

  union all

  select
    logins.login,
    true as grave,
    format('may change %s', ours.relation_name) as finding
  from logins
  cross join ours
  where (ours.append_only or logins.purpose = 'report')
    and (
      has_table_privilege(logins.oid, ours.oid, 'update, delete, truncate')
      or has_any_column_privilege(logins.oid, ours.oid, 'update')
      or (logins.purpose = 'report' and has_any_column_privilege(logins.oid, ours.oid, 'insert'))
    )
    and not logins.rolsuper

  union all

  select
    logins.login,
    true as grave,
    format('may read %s', ours.relation_name) as finding
  from logins
  cross join ours
  where logins.purpose = 'report'
    and ours.schema_name <> 'report'
    and has_schema_privilege(logins.oid, ours.schema_name, 'usage')
    and has_any_column_privilege(logins.oid, ours.oid, 'select')
    and not logins.rolsuper

  union all

  select
    logins.login,
    false as grave,
    'may call ' || string_agg(distinct pg_proc.proname::text, ', ' order by pg_proc.proname::text) as finding
  from logins
  inner join pg_proc
    on pg_proc.pronamespace = 'pg_catalog'::regnamespace
    and pg_proc.proname in (
      'set_config', 'pg_sleep', 'lo_create', 'lo_put', 'pg_notify', 'pg_advisory_lock', 'pg_terminate_backend',
      'pg_read_file', 'query_to_xml'
    )
  where logins.purpose = 'report'
    and has_function_privilege(logins.oid, pg_proc.oid, 'execute')
    and not logins.rolsuper
  group by logins.login
)

select
  powers.login,
  powers.grave,
  powers.finding
from powers
order by powers.grave desc, powers.login, powers.finding;
