create function ops.import_analyze()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog
set default_statistics_target = 10
as $$
begin
  analyze app.import_rows, app.import_order_lines, app.import_orders, app.import_returns;
end;
$$;

comment on function ops.import_analyze() is
  'Tells the planner how much is staged: right after a copy it still believes that the tables are empty. With the owner''s rights,
because only the owner may analyze. How many rows there are is what matters: a small sample will do.';
