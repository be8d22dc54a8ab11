-- An import and a request stage what they bring in the transaction that takes it in, and nobody reads what another has staged:
-- whatever can be seen here is over. Pages of dead rows are given back, for every later import would read through them.
create function ops.clear_import_tables()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if pg_relation_size('app.import_rows') + pg_relation_size('app.import_order_lines')
    + pg_relation_size('app.import_orders') + pg_relation_size('app.import_returns') >= 8 * 1024 * 1024
  then
    begin
      lock table app.import_rows, app.import_order_lines, app.import_orders, app.import_returns
        in access exclusive mode nowait;
      truncate app.import_rows, app.import_order_lines, app.import_orders, app.import_returns;
      return true;
    exception
      when lock_not_available then
        null;
    end;
  end if;

  delete from app.import_rows;
  delete from app.import_order_lines;
  delete from app.import_orders;
  delete from app.import_returns;
  return false;
end;
$$;

comment on function ops.clear_import_tables() is
  'Takes away what imports that are over left in the staging tables; one that is under way keeps its rows. Where they hold more
than 8 MB and nobody uses them, their room is given back as well: true then. Waits for nobody.';
