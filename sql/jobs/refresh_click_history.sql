-- every: 10 3 * * *
-- after: refresh_click_days
-- label: 更新点击路径与热力格 | Refresh click paths and cells
-- Paths and cells of days and cells of weeks are made once these are over, so that a click costs them once; what comes late opens them again.
create function ops.refresh_click_history(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  versions bigint[];
  days date[];
  written bigint := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_click_history', 0));

  with drained as (
    delete from app.dirty_click_paths
    where dirty_click_paths.day < as_of
    returning dirty_click_paths.page_version_id, dirty_click_paths.day
  )

  select
    array_agg(drained.page_version_id),
    array_agg(drained.day)
  into versions, days
  from drained;

  if days is not null then
    written := ops.refresh_elem_path_day(versions, days) + ops.refresh_page_path_day(array(select distinct unnest(days)))
      + ops.refresh_cell_day(versions, days);
  end if;

  with drained as (
    delete from app.dirty_click_weeks
    where dirty_click_weeks.week_on + 7 <= as_of
    returning dirty_click_weeks.page_version_id, dirty_click_weeks.week_on
  )

  select
    array_agg(drained.page_version_id),
    array_agg(drained.week_on)
  into versions, days
  from drained;

  if days is not null then
    written := written + ops.refresh_cell_week(versions, days);
  end if;
  return written;
end;
$$;

comment on function ops.refresh_click_history(date) is
  'Makes app.elem_path_day, app.page_path_day and app.cell_day hold what was collected for days before as_of, and app.cell_week for
weeks that ended before it, where something came in; returns the rows written. Two workers take turns.';
