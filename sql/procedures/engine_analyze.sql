-- Runs as the owner, who alone may. Without it a run of thousands of facts is planned as if it had three.
create function ops.engine_analyze()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  analyze app.engine_turns;
end;
$$;

comment on function ops.engine_analyze() is
  'Tells the planner how many facts the runs under way have.';
