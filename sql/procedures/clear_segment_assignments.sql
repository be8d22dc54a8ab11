-- Runs as the owner: only truncating leaves no dead rows behind a million assignments a day, and the app's login may not.
create function ops.clear_segment_assignments()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  truncate app.segment_assignments, app.segment_changes;
end;
$$;

comment on function ops.clear_segment_assignments() is
  'Empties app.segment_assignments and app.segment_changes for the day to be computed. The lock lasts until the transaction ends: one day at a time.';
