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
revoke insert, update, delete on app.migrations, app.rebuilds from :app;
