-- every: */5 * * * *
-- label: 更新每日点击 | Refresh clicks by day
-- queue: app.dirty_click_days
-- Exactly the days of versions of pages for which something came in are computed again, and only rows that differ are written.
-- Drained first and computed after: what comes in between waits for the next call, at worst computed twice.
create function ops.refresh_click_days(as_of date default null)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  versions bigint[];
  days date[];
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_click_days', 0));

  with batch as materialized (
    select distinct
      dirty_click_days.page_version_id,
      dirty_click_days.day
    from app.dirty_click_days
    order by dirty_click_days.day, dirty_click_days.page_version_id
    limit 200
  ),

  drained as (
    delete from app.dirty_click_days
    using batch
    where dirty_click_days.page_version_id = batch.page_version_id
      and dirty_click_days.day = batch.day
  ),

  paths as (
    insert into app.dirty_click_paths (page_version_id, day)
    select
      batch.page_version_id,
      batch.day
    from batch
    on conflict (page_version_id, day) do nothing
  ),

  weeks as (
    insert into app.dirty_click_weeks (page_version_id, week_on)
    select distinct
      batch.page_version_id,
      date_trunc('week', batch.day::timestamp)::date
    from batch
    on conflict (page_version_id, week_on) do nothing
  )

  select
    array_agg(batch.page_version_id),
    array_agg(batch.day)
  into versions, days
  from batch;

  if days is null then
    return 0;
  end if;
  return ops.refresh_page_day(versions, days) + ops.refresh_elem_day(versions, days) + ops.refresh_scroll_day(versions, days);
end;
$$;

comment on function ops.refresh_click_days(date) is
  'Takes up to 200 of the oldest days out of app.dirty_click_days and makes app.page_day, app.elem_day and app.scroll_day hold what
was collected for them; returns the rows written. Two workers take turns.';
