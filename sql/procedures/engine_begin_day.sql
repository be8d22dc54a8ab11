create function ops.engine_begin_day(run bigint, customer_limit integer, only_customer bigint, until_at timestamptz)
returns integer
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  entries_after bigint := nextval(pg_get_serial_sequence('app.points_entries', 'id'));
  chosen integer;
begin
  insert into app.engine_turns (
    run_id, round, book_id, customer_id, fact_kind, fact_id, occurred_at, occurred_on, hour, weekday, rank, source, external_id,
    entries_after
  )
  select
    run,
    1,
    0,
    due.customer_id,
    'day',
    0,
    until_at,
    (until_at at time zone zone)::date,
    0,
    '',
    -1,
    '',
    '',
    entries_after
  from (
    select points_accounts.customer_id
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.due_at <= until_at
      and (only_customer is null or points_accounts.customer_id = only_customer)
    order by points_accounts.due_at
    limit customer_limit
    for update skip locked
  ) as due;

  get diagnostics chosen = row_count;
  if chosen > 0 then
    perform ops.engine_tiers(run);
    perform ops.engine_budgets(run);
  end if;
  return chosen;
end;
$$;

comment on function ops.engine_begin_day(bigint, integer, bigint, timestamptz) is
  'Locks so many accounts (or the one named) for which something falls due by the time given, and lays out one turn for each; returns how many.';
