-- every: */5 * * * *
-- label: 更新汇总 | Refresh the totals
-- queue: app.dirty_days
-- Exactly the days that facts came in for are computed again, and of these only the rows that differ are written; the rest
-- of the rollups follows from these rows. A call takes a month of days, the oldest first, so that years of history are a
-- row of short transactions, any of which may be the last. Dirt that arrives meanwhile stays for the next call: a day is
-- drained only together with the facts that dirtied it.
create function ops.refresh_rollups(as_of date default null)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  days date[];
  first_changed_on date;
  customer_rows bigint := 0;
  order_rows bigint := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_rollups', 0));

  with batch as materialized (
    select distinct dirty_days.day
    from app.dirty_days
    order by dirty_days.day
    limit 31
  ),

  drained as (
    delete from app.dirty_days
    using batch
    where dirty_days.day = batch.day
  )

  select array_agg(batch.day)
  into days
  from batch;

  if days is not null then
    select
      refreshed.row_count,
      refreshed.first_changed_on
    into customer_rows, first_changed_on
    from ops.refresh_customer_day(days) as refreshed;

    if customer_rows > 0 then
      perform ops.refresh_customer_totals();
      perform ops.refresh_customer_start();
    end if;
    perform ops.refresh_order_period(days);
    order_rows := ops.refresh_order_day(days);

    -- What was computed from customers' days after the first changed one no longer holds; the daily jobs do it again.
    update app.segment_snapshots
    set stale = true
    where segment_snapshots.as_of_on > first_changed_on
      and not segment_snapshots.stale;

    update app.rfm_snapshots
    set stale = true
    where rfm_snapshots.as_of_on > first_changed_on
      and not rfm_snapshots.stale;
  end if;

  -- The last week stays out of the totals: it is where most late facts fall. While older days wait, adding up would be
  -- done again for them.
  if not exists (select from app.dirty_days where dirty_days.day < as_of - 8) then
    perform ops.advance_customer_totals(as_of - 8);
  end if;

  return customer_rows + order_rows;
end;
$$;

comment on function ops.refresh_rollups(date) is
  'Takes up to 31 of the oldest days out of app.dirty_days and brings the rollups of orders up to date for exactly these;
returns the rows written. Once no older day waits, days older than a week before as_of are also added up per customer. Two
workers take turns.';
