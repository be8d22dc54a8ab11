-- After drop_references.sql and the rows: every foreign key is back, and checked.

do $$
declare
  kept record;
begin
  for kept in select * from kept_references loop
    execute format('alter table %s add constraint %I %s', kept.table_name, kept.constraint_name, kept.definition);
  end loop;
end
$$;
