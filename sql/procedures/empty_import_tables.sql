-- What an import leaves in its staging tables is dead but takes the room that every later one reads through: after ten files
-- of 200,000 lines that was half of the time. Emptied only when nobody is at them, and never waited for.
create function ops.empty_import_tables()
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog
as $$
begin
  if pg_relation_size('app.import_rows') + pg_relation_size('app.import_order_lines')
    + pg_relation_size('app.import_orders') + pg_relation_size('app.import_returns') < 8 * 1024 * 1024
  then
    return false;
  end if;
  lock table app.import_rows, app.import_order_lines, app.import_orders, app.import_returns
    in access exclusive mode nowait;
  if exists (select from app.import_rows)
    or exists (select from app.import_order_lines)
    or exists (select from app.import_orders)
    or exists (select from app.import_returns)
  then
    return false;
  end if;
  truncate app.import_rows, app.import_order_lines, app.import_orders, app.import_returns;
  return true;
exception
  when lock_not_available then
    return false;
end;
$$;

comment on function ops.empty_import_tables() is
  'Gives back the room of the staging tables when they hold more than 8 MB, none of it alive, and nobody uses them; true when it did.';
