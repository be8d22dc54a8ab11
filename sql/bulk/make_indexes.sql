-- After very many facts were written: the indexes that drop_indexes.sql took away.
set local maintenance_work_mem = '512MB';

do $$
declare
  dropped record;
begin
  for dropped in
    select dropped_indexes.definition
    from dropped_indexes
  loop
    execute dropped.definition;
  end loop;
end;
$$;
