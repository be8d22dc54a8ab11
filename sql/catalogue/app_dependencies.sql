-- One row per object of schema app that would break when a rebuilt schema goes.

select distinct
  pg_describe_object(pg_depend.classid, pg_depend.objid, pg_depend.objsubid) as dependent,
  pg_describe_object(pg_depend.refclassid, pg_depend.refobjid, pg_depend.refobjsubid) as needs
from pg_depend
cross join lateral pg_identify_object(pg_depend.classid, pg_depend.objid, pg_depend.objsubid) as dependents
cross join lateral pg_identify_object(pg_depend.refclassid, pg_depend.refobjid, pg_depend.refobjsubid) as needed
where needed.schema in ('base', 'report', 'ops')
  and (
    dependents.schema = 'app'
    -- Triggers, defaults and constraints have no schema of their own.
    or dependents.identity like '% on app.%'
    or dependents.identity like '%for app.%'
  )
order by dependent, needs;
