-- After checks_off.sql and the rows: every foreign key is back, and checked; triggers fire again.

do $$
declare
  kept record;
begin
  for kept in select * from kept_references loop
    execute format('alter table %s add constraint %I %s', kept.table_name, kept.constraint_name, kept.definition);
  end loop;
  for kept in select * from kept_triggers loop
    execute format('alter table %s enable trigger user', kept.table_name);
  end loop;
end
$$;
