-- Before very many facts are written at once: takes away every index of the fact tables that no constraint needs and keeps
-- how it was made. make_indexes.sql brings them back, in the same transaction.
create temp table dropped_indexes on commit drop as
select
  pg_class.oid::regclass::text as name,
  pg_get_indexdef(pg_class.oid) as definition
from pg_index
inner join pg_class
  on pg_class.oid = pg_index.indexrelid
where pg_index.indrelid in (
    'app.customers'::regclass, 'app.orders'::regclass, 'app.order_lines'::regclass, 'app.returns'::regclass,
    'app.customer_day'::regclass, 'app.customer_start'::regclass
  )
  and not exists (
    select
    from pg_constraint
    where pg_constraint.conindid = pg_class.oid
  );

do $$
declare
  dropped record;
begin
  for dropped in
    select dropped_indexes.name
    from dropped_indexes
  loop
    execute format('drop index %s', dropped.name);
  end loop;
end;
$$;
