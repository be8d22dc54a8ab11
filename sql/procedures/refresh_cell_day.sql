create function ops.refresh_cell_day(versions bigint[], days date[])
returns bigint
language sql
volatile
begin atomic
  with wanted as materialized (
    select
      named.page_version_id,
      named.day,
      named.day::timestamp at time zone settings.time_zone as from_at,
      (named.day + 1)::timestamp at time zone settings.time_zone as until_at
    from unnest(refresh_cell_day.versions, refresh_cell_day.days) as named (page_version_id, day)
    cross join app.settings
  ),

  fresh as materialized (
    select
      wanted.page_version_id,
      wanted.day,
      page_event.device_class,
      grids.grid,
      page_event.element_id,
      page_event.x * grids.grid / 10000 as cell_x,
      page_event.y * grids.grid / 10000 as cell_y,
      count(*) filter (where page_event.kind = 'click') as click_count,
      count(distinct page_event.visit_id) filter (where page_event.kind = 'click') as visit_count,
      count(*) filter (where page_event.kind = 'rage') as rage_count,
      count(*) filter (where page_event.kind = 'dead') as dead_count
    from wanted
    inner join app.page_event
      on page_event.page_version_id = wanted.page_version_id
      and page_event.occurred_at >= wanted.from_at
      and page_event.occurred_at < wanted.until_at
      and page_event.received_on between wanted.day - 1 and wanted.day + 2
    cross join (values (50), (20), (10)) as grids (grid)
    where not page_event.bot
      and page_event.element_id is not null
      -- Where a key was pressed there is no place.
      and page_event.x is not null
      and page_event.y is not null
    group by 1, 2, 3, 4, 5, 6, 7
  ),

  deleted as (
    delete from app.cell_day
    using wanted
    where cell_day.page_version_id = wanted.page_version_id
      and cell_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.page_version_id = cell_day.page_version_id
          and fresh.day = cell_day.day
          and fresh.device_class = cell_day.device_class
          and fresh.grid = cell_day.grid
          and fresh.element_id = cell_day.element_id
          and fresh.cell_x = cell_day.cell_x
          and fresh.cell_y = cell_day.cell_y
      )
    returning 1
  ),

  written as (
    insert into app.cell_day (
      page_version_id, day, device_class, grid, element_id, cell_x, cell_y, click_count, visit_count, rage_count, dead_count
    )
    select
      fresh.page_version_id,
      fresh.day,
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
      fresh.page_version_id, fresh.day, fresh.device_class, fresh.grid, fresh.element_id, fresh.cell_x, fresh.cell_y
    on conflict (page_version_id, day, device_class, grid, element_id, cell_x, cell_y) do update set
      click_count = excluded.click_count,
      visit_count = excluded.visit_count,
      rage_count = excluded.rage_count,
      dead_count = excluded.dead_count
    where (cell_day.click_count, cell_day.visit_count, cell_day.rage_count, cell_day.dead_count)
      is distinct from
      (excluded.click_count, excluded.visit_count, excluded.rage_count, excluded.dead_count)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_cell_day(bigint[], date[]) is
  'Makes app.cell_day hold what was collected for these days, each of the version at the same place, touching only rows that differ;
returns how many.';
