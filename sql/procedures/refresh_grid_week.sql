create function ops.refresh_grid_week(versions bigint[], weeks date[])
returns bigint
language sql
volatile
begin atomic
  with wanted as materialized (
    select
      named.page_version_id,
      named.week_on,
      named.week_on::timestamp at time zone settings.time_zone as from_at,
      (named.week_on + 7)::timestamp at time zone settings.time_zone as until_at
    from unnest(refresh_grid_week.versions, refresh_grid_week.weeks) as named (page_version_id, week_on)
    cross join app.settings
  ),

  fresh as materialized (
    select
      wanted.page_version_id,
      wanted.week_on,
      page_event.device_class,
      page_event.element_id,
      page_event.x / 500 as grid_x,
      page_event.y / 500 as grid_y,
      count(*) filter (where page_event.kind = 'click') as click_count,
      count(distinct page_event.visit_id) filter (where page_event.kind = 'click') as visit_count,
      count(*) filter (where page_event.kind = 'rage') as rage_count,
      count(*) filter (where page_event.kind = 'dead') as dead_count
    from wanted
    inner join app.page_event
      on page_event.page_version_id = wanted.page_version_id
      and page_event.occurred_at >= wanted.from_at
      and page_event.occurred_at < wanted.until_at
      and page_event.received_on between wanted.week_on - 1 and wanted.week_on + 8
    where not page_event.bot
      and page_event.element_id is not null
      -- Where a key was pressed there is no place.
      and page_event.x is not null
      and page_event.y is not null
    group by 1, 2, 3, 4, 5, 6
  ),

  deleted as (
    delete from app.grid_week
    using wanted
    where grid_week.page_version_id = wanted.page_version_id
      and grid_week.week_on = wanted.week_on
      and not exists (
        select
        from fresh
        where fresh.page_version_id = grid_week.page_version_id
          and fresh.week_on = grid_week.week_on
          and fresh.device_class = grid_week.device_class
          and fresh.element_id = grid_week.element_id
          and fresh.grid_x = grid_week.grid_x
          and fresh.grid_y = grid_week.grid_y
      )
    returning 1
  ),

  written as (
    insert into app.grid_week (
      page_version_id, week_on, device_class, element_id, grid_x, grid_y, click_count, visit_count, rage_count, dead_count
    )
    select
      fresh.page_version_id,
      fresh.week_on,
      fresh.device_class,
      fresh.element_id,
      fresh.grid_x,
      fresh.grid_y,
      fresh.click_count,
      fresh.visit_count,
      fresh.rage_count,
      fresh.dead_count
    from fresh
    on conflict (page_version_id, week_on, device_class, element_id, grid_x, grid_y) do update set
      click_count = excluded.click_count,
      visit_count = excluded.visit_count,
      rage_count = excluded.rage_count,
      dead_count = excluded.dead_count
    where (grid_week.click_count, grid_week.visit_count, grid_week.rage_count, grid_week.dead_count)
      is distinct from
      (excluded.click_count, excluded.visit_count, excluded.rage_count, excluded.dead_count)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_grid_week(bigint[], date[]) is
  'Makes app.grid_week hold what was collected for these weeks, by their Mondays, each of the version at the same place, touching
only rows that differ; returns how many.';
