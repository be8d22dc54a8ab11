-- The rebuilt schemas step aside under another name (open readers are not waited for) and empty ones take their place.

do $$
declare
  schema_name text;
begin
  foreach schema_name in array array['report', 'ops', 'base'] loop
    if to_regnamespace(schema_name || '_old') is not null then
      -- Left by an installer that could not drop it; whoever still reads it is waited for.
      execute format('drop schema %I cascade', schema_name || '_old');
    end if;
    if to_regnamespace(schema_name) is not null then
      execute format('alter schema %I rename to %I', schema_name, schema_name || '_old');
    end if;
    execute format('create schema %I', schema_name);
  end loop;
end
$$;
