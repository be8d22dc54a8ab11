-- One row per pair of relations where the first, a view, reads the second.

select distinct
  readers.relnamespace::regnamespace::text as reader_schema,
  format('%s.%s', readers.relnamespace::regnamespace, readers.relname) as reader,
  sources.relnamespace::regnamespace::text as source_schema,
  format('%s.%s', sources.relnamespace::regnamespace, sources.relname) as source
from pg_depend
inner join pg_rewrite
  on pg_rewrite.oid = pg_depend.objid
inner join pg_class as readers
  on readers.oid = pg_rewrite.ev_class
inner join pg_class as sources
  on sources.oid = pg_depend.refobjid
where pg_depend.classid = 'pg_rewrite'::regclass
  and pg_depend.refclassid = 'pg_class'::regclass
  and readers.oid <> sources.oid
  and readers.relnamespace::regnamespace::text in ('app', 'base', 'report', 'ops')
order by reader, source;
