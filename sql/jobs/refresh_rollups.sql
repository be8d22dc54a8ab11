-- every: */5 * * * *
-- Exactly the days that facts came in for are computed again, and of these only the rows that differ are written. Dirt that
-- arrives meanwhile stays for the next run: a day is drained only together with the facts that dirtied it.
create function ops.refresh_rollups(as_of date default null)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  days date[];
  first_changed_on date;
  restated_customers bigint[];
  customer_rows bigint;
  order_rows bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_rollups', 0));

  with drained as (
    delete from app.dirty_days
    returning dirty_days.day
  )

  select array_agg(distinct drained.day)
  into days
  from drained;

  if days is null then
    perform ops.advance_customer_totals(as_of - 8);
    return 0;
  end if;

  select
    refreshed.row_count,
    refreshed.first_changed_on,
    refreshed.restated_customers
  into customer_rows, first_changed_on, restated_customers
  from ops.refresh_customer_day(days) as refreshed;

  if restated_customers is not null then
    perform ops.restate_customer_totals(restated_customers);
  end if;

  -- The last week stays out of the totals: it is where most late facts fall and days are computed again.
  perform ops.advance_customer_totals(as_of - 8);

  order_rows := ops.refresh_order_day(days);
  perform ops.refresh_order_period(days);
  perform ops.refresh_customer_start(days);

  -- What was computed from customers' days after the first changed one no longer holds; the daily jobs do it again.
  update app.segment_snapshots
  set stale = true
  where segment_snapshots.as_of_on > first_changed_on
    and not segment_snapshots.stale;

  update app.rfm_snapshots
  set stale = true
  where rfm_snapshots.as_of_on > first_changed_on
    and not rfm_snapshots.stale;

  return customer_rows + order_rows;
end;
$$;

comment on function ops.refresh_rollups(date) is
  'Drains app.dirty_days and brings the rollups of orders up to date for exactly those days; returns the rows written.
Days older than a week before as_of are also added up per customer. Two workers take turns.';
