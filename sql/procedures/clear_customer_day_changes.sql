-- Runs as the owner: only truncating leaves no dead rows behind, and the app's login may not.
create function ops.clear_customer_day_changes()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  truncate app.customer_day_changes;
end;
$$;

comment on function ops.clear_customer_day_changes() is
  'Empties app.customer_day_changes for the days to be refreshed. Called with the rollups'' lock held.';
