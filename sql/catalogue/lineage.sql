-- One row per view of schema report and table of schema app that it is made of, through however many views between.

with recursive reads as (
  select distinct
    readers.oid as reader,
    sources.oid as source
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
),

made_of as (
  select
    reads.reader,
    reads.source
  from reads
  inner join pg_class
    on pg_class.oid = reads.reader
    and pg_class.relnamespace = 'report'::regnamespace
  union
  select
    made_of.reader,
    reads.source
  from made_of
  inner join reads
    on reads.reader = made_of.source
)

select
  readers.relname::text as view_name,
  format('%s.%s', sources.relnamespace::regnamespace, sources.relname) as table_name
from made_of
inner join pg_class as readers
  on readers.oid = made_of.reader
inner join pg_class as sources
  on sources.oid = made_of.source
where sources.relkind in ('r', 'p')
order by view_name, table_name;
