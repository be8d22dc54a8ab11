-- What each login may do. Run at the end of every rebuild; :app and :report are the names of the two logins.
-- The owner holds everything. A table is append-only for the app when its comment says
-- "Append-only for every login but the owner".

revoke all on schema app, base, report, ops from public;
revoke all on schema app, base, report, ops from :app, :report;
revoke all on all tables in schema app, base, report from :app, :report;
revoke all on all sequences in schema app from :app, :report;
revoke all on all functions in schema base, report, ops from public;
revoke all on all procedures in schema ops from public;

grant usage on schema app, base, report, ops to :app;
grant select, insert, update, delete on all tables in schema app to :app;
grant usage on all sequences in schema app to :app;
grant select on all tables in schema base, report to :app;
grant execute on all functions in schema base, report, ops to :app;
grant execute on all procedures in schema ops to :app;

grant usage on schema report to :report;
grant select on all tables in schema report to :report;
grant execute on all functions in schema report to :report;

do $$
declare
  append_only regclass;
begin
  for append_only in
    select pg_class.oid::regclass
    from pg_class
    where pg_class.relnamespace = 'app'::regnamespace
      and pg_class.relkind in ('r', 'p')
      and obj_description(pg_class.oid, 'pg_class') like '%Append-only for every login but the owner%'
  loop
    execute format('revoke update, delete on %s from :app', append_only);
  end loop;
end
$$;

-- The installer's own record is the owner's.
revoke insert, update, delete on app.migrations, app.rebuilds, app.default_files from :app;

-- Functions that reach beyond the rows a login may read: they end its time limit, write, read files, run text as SQL,
-- take locks or speak on channels. Only a superuser can take them from everybody; elsewhere the parser of reports, its
-- own login and its timers stand alone, and the start says so.
do $$
declare
  dangerous regprocedure;
begin
  if not (select pg_roles.rolsuper from pg_roles where pg_roles.rolname = current_user) then
    return;
  end if;
  for dangerous in
    select pg_proc.oid::regprocedure
    from pg_proc
    where pg_proc.pronamespace = 'pg_catalog'::regnamespace
      and pg_proc.proname ~ '^(set_config|pg_sleep.*|lo_.*|lowrite|loread|pg_notify|pg_.*advisory.*|pg_cancel_backend|pg_terminate_backend|pg_read_.*|pg_ls_.*|pg_stat_file|pg_export_snapshot|(query|table|schema|database|cursor)_to_xml.*)$'
      and has_function_privilege('public', pg_proc.oid, 'execute')
  loop
    execute format('revoke execute on function %s from public', dangerous);
    if dangerous::text ~ '^(set_config|pg_notify|pg_.*advisory)' then
      execute format('grant execute on function %s to :app', dangerous);
    end if;
  end loop;
  execute format('revoke temporary on database %I from public', current_database());
  execute format('grant temporary on database %I to :app', current_database());
end
$$;
