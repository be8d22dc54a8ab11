-- One row per view of schema report: its comment, and its columns with theirs, in order.

select
  pg_class.relname::text as view_name,
  coalesce(obj_description(pg_class.oid, 'pg_class'), '') as view_comment,
  json_agg(
    json_build_object(
      'name', pg_attribute.attname,
      'comment', coalesce(col_description(pg_class.oid, pg_attribute.attnum), '')
    )
    order by pg_attribute.attnum
  ) as columns
from pg_class
inner join pg_attribute
  on pg_attribute.attrelid = pg_class.oid
  and pg_attribute.attnum > 0
  and not pg_attribute.attisdropped
where pg_class.relnamespace = 'report'::regnamespace
  and pg_class.relkind in ('v', 'm')
group by pg_class.oid, pg_class.relname
order by pg_class.relname;
