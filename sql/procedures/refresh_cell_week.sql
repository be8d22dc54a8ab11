create function ops.refresh_cell_week(versions bigint[], weeks date[])
returns bigint
language sql
volatile
begin atomic
  with wanted as materialized (
    select
      named.page_version_id,
      named.week_on
    from unnest(refresh_cell_week.versions, refresh_cell_week.weeks) as named (page_version_id, week_on)
  ),

  fresh as materialized (
    select
      wanted.page_version_id,
      wanted.week_on,
      cell_day.device_class,
      cell_day.grid,
      cell_day.element_id,
      cell_day.cell_x,
      cell_day.cell_y,
      sum(cell_day.click_count)::bigint as click_count,
      sum(cell_day.visit_count)::bigint as visit_count,
      sum(cell_day.rage_count)::bigint as rage_count,
      sum(cell_day.dead_count)::bigint as dead_count
    from wanted
    inner join app.cell_day
      on cell_day.page_version_id = wanted.page_version_id
      and cell_day.day >= wanted.week_on
      and cell_day.day < wanted.week_on + 7
    group by 1, 2, 3, 4, 5, 6, 7
  ),

  deleted as (
    delete from app.cell_week
    using wanted
    where cell_week.page_version_id = wanted.page_version_id
      and cell_week.week_on = wanted.week_on
      and not exists (
        select
        from fresh
        where fresh.page_version_id = cell_week.page_version_id
          and fresh.week_on = cell_week.week_on
          and fresh.device_class = cell_week.device_class
          and fresh.grid = cell_week.grid
          and fresh.element_id = cell_week.element_id
          and fresh.cell_x = cell_week.cell_x
          and fresh.cell_y = cell_week.cell_y
      )
    returning 1
  ),

  written as (
    insert into app.cell_week (
      page_version_id, week_on, device_class, grid, element_id, cell_x, cell_y, click_count, visit_count, rage_count, dead_count
    )
    select
      fresh.page_version_id,
      fresh.week_on,
      fresh.device_class,
      fresh.grid,
      fresh.element_id,
      fresh.cell_x,
      fresh.cell_y,
      fresh.click_count,
      fresh.visit_count,
      fresh.rage_count,
      fresh.dead_count
    from fresh
    -- Beside each other as they are read.
    order by
      fresh.page_version_id, fresh.week_on, fresh.device_class, fresh.grid, fresh.element_id, fresh.cell_x, fresh.cell_y
    on conflict (page_version_id, week_on, device_class, grid, element_id, cell_x, cell_y) do update set
      click_count = excluded.click_count,
      visit_count = excluded.visit_count,
      rage_count = excluded.rage_count,
      dead_count = excluded.dead_count
    where (cell_week.click_count, cell_week.visit_count, cell_week.rage_count, cell_week.dead_count)
      is distinct from
      (excluded.click_count, excluded.visit_count, excluded.rage_count, excluded.dead_count)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_cell_week(bigint[], date[]) is
  'Makes app.cell_week hold the sum of app.cell_day over these weeks, by their Mondays, each of the version at the same place, touching
only rows that differ; returns how many. Not for weeks whose days are no longer kept.';
