-- Places of clicks in cells of an element, as fine as can be while four in five of its clicks lie in cells of three visits or more;
-- cells of fewer visits are not shown. A cell stands where its clicks are on average: where all are at one point, at that point.
-- Few clicks come from the single ones. Many come from the cells of weeks and days that are over, and what is not yet summed from
-- the single ones; of weeks that are no longer kept singly there are cells alone.
create function ops.click_cells(
  version bigint, from_on date, until_on date, device text, segment text, tier text
)
returns json
language sql
stable
set work_mem = '64MB'
begin atomic
  with bounds as materialized (
    select
      programme.today_on,
      programme.today_on - settings.click_days as kept_from,
      segment is not null or tier is not null as of_people,
      coalesce((
        select sum(elem_day.click_count)
        from app.elem_day
        where elem_day.page_version_id = click_cells.version
          and elem_day.day >= from_on
          and elem_day.day < until_on
          and elem_day.device_class = click_cells.device
      ), 0) > 20000 as many
    from app.settings
    cross join base.programme
  ),

  weeks as materialized (
    select mondays.week_on::date as week_on
    from bounds
    cross join generate_series(
      date_trunc('week', from_on::timestamp + interval '6 days'), until_on::timestamp - interval '7 days', interval '7 days'
    ) as mondays (week_on)
    where not bounds.of_people
      and mondays.week_on::date + 7 <= bounds.today_on
      and (bounds.many or mondays.week_on::date < bounds.kept_from)
      and not exists (
        select
        from app.dirty_click_weeks
        where dirty_click_weeks.page_version_id = click_cells.version
          and dirty_click_weeks.week_on = mondays.week_on::date
      )
  ),

  rest as materialized (
    select days.day::date as day
    from generate_series(from_on::timestamp, until_on::timestamp - interval '1 day', interval '1 day') as days (day)
    where date_trunc('week', days.day)::date not in (select weeks.week_on from weeks)
  ),

  days as materialized (
    select rest.day
    from bounds
    inner join rest
      on rest.day >= bounds.kept_from
      and rest.day < bounds.today_on
    where bounds.many
      and not bounds.of_people
      and not exists (
        select
        from app.dirty_click_paths
        where dirty_click_paths.page_version_id = click_cells.version
          and dirty_click_paths.day = rest.day
      )
  ),

  -- Days that follow each other are read at once.
  ranges as materialized (
    select
      min(unsummed.day) as from_on,
      max(unsummed.day) + 1 as until_on
    from (
      select
        rest.day,
        rest.day - row_number() over (order by rest.day)::integer as island
      from rest
      where rest.day not in (select days.day from days)
    ) as unsummed
    group by unsummed.island
  ),

  raw as materialized (
    select
      seen.element_id,
      seen.day,
      seen.visit_id,
      seen.x,
      seen.y,
      seen.kind
    from ranges
    cross join lateral ops.click_raw(click_cells.version, ranges.from_on, ranges.until_on, device, segment, tier) as seen
    where seen.element_id is not null
      and seen.x is not null
      and seen.y is not null
  ),

  summed as materialized (
    select
      cell_week.element_id,
      cell_week.grid,
      cell_week.cell_x,
      cell_week.cell_y,
      cell_week.click_count,
      cell_week.visit_count,
      cell_week.rage_count,
      cell_week.dead_count
    from weeks
    inner join app.cell_week
      on cell_week.page_version_id = click_cells.version
      and cell_week.week_on = weeks.week_on
      and cell_week.device_class = click_cells.device
    union all
    select
      cell_day.element_id,
      cell_day.grid,
      cell_day.cell_x,
      cell_day.cell_y,
      cell_day.click_count,
      cell_day.visit_count,
      cell_day.rage_count,
      cell_day.dead_count
    from days
    inner join app.cell_day
      on cell_day.page_version_id = click_cells.version
      and cell_day.day = days.day
      and cell_day.device_class = click_cells.device
  ),

  grids as materialized (
    select grids.grid
    from unnest(case
      when exists (select from summed) then array[50, 20, 10]
      else array[100, 50, 20, 10, 4]
    end) as grids (grid)
  ),

  single as (
    select
      raw.element_id,
      grids.grid,
      raw.x * grids.grid / 10000 as cell_x,
      raw.y * grids.grid / 10000 as cell_y,
      count(*) filter (where raw.kind = 'click') as click_count,
      count(distinct (raw.day, raw.visit_id)) filter (where raw.kind = 'click') as visit_count,
      count(*) filter (where raw.kind = 'rage') as rage_count,
      count(*) filter (where raw.kind = 'dead') as dead_count,
      coalesce(sum(raw.x) filter (where raw.kind = 'click'), 0) as sum_x,
      coalesce(sum(raw.y) filter (where raw.kind = 'click'), 0) as sum_y
    from raw
    cross join grids
    group by 1, 2, 3, 4
  ),

  cells as (
    select
      every.element_id,
      every.grid,
      every.cell_x,
      every.cell_y,
      sum(every.click_count)::bigint as click_count,
      sum(every.visit_count)::bigint as visit_count,
      sum(every.rage_count)::bigint as rage_count,
      sum(every.dead_count)::bigint as dead_count,
      sum(every.sum_x) as sum_x,
      sum(every.sum_y) as sum_y
    from (
      select
        single.element_id,
        single.grid,
        single.cell_x,
        single.cell_y,
        single.click_count::integer,
        single.visit_count::integer,
        single.rage_count::integer,
        single.dead_count::integer,
        single.sum_x::double precision,
        single.sum_y::double precision
      from single
      union all
      -- As if they were all at its middle.
      select
        summed.element_id,
        summed.grid,
        summed.cell_x,
        summed.cell_y,
        summed.click_count::integer,
        summed.visit_count::integer,
        summed.rage_count::integer,
        summed.dead_count::integer,
        summed.click_count::double precision * ((2 * summed.cell_x + 1) * 5000 / summed.grid),
        summed.click_count::double precision * ((2 * summed.cell_y + 1) * 5000 / summed.grid)
      from summed
    ) as every
    group by every.element_id, every.grid, every.cell_x, every.cell_y
  ),

  fitting as (
    select distinct on (shares.element_id)
      shares.element_id,
      shares.grid
    from (
      select
        cells.element_id,
        cells.grid,
        coalesce(sum(cells.click_count) filter (where cells.visit_count >= 3), 0) / nullif(sum(cells.click_count), 0) as shown_share
      from cells
      group by cells.element_id, cells.grid
    ) as shares
    order by
      shares.element_id,
      (shares.shown_share >= 0.8) desc nulls last,
      case when shares.shown_share >= 0.8 then shares.grid end desc,
      shares.shown_share desc nulls last,
      shares.grid
  ),

  chosen as (
    select
      page_elements.element,
      cells.grid,
      cells.click_count,
      cells.visit_count,
      cells.rage_count,
      cells.dead_count,
      round(cells.sum_x / nullif(cells.click_count, 0))::integer as x,
      round(cells.sum_y / nullif(cells.click_count, 0))::integer as y
    from fitting
    inner join cells
      on cells.element_id = fitting.element_id
      and cells.grid = fitting.grid
    inner join app.page_elements
      on page_elements.id = fitting.element_id
  ),

  shown as (
    select
      chosen.element,
      chosen.grid,
      chosen.click_count,
      chosen.visit_count,
      chosen.rage_count,
      chosen.dead_count,
      chosen.x,
      chosen.y
    from chosen
    where chosen.visit_count >= 3
    order by chosen.click_count desc, chosen.element, chosen.x, chosen.y
    limit 20000
  )

  select json_build_object(
    'cells', coalesce((
      select json_agg(json_build_array(
        shown.element, shown.x, shown.y, shown.click_count, shown.rage_count, shown.dead_count, shown.grid
      ) order by shown.click_count desc, shown.element, shown.x, shown.y)
      from shown
    ), '[]'),
    'shown_count', coalesce((select sum(shown.click_count) from shown), 0),
    'hidden_count', coalesce((select sum(chosen.click_count) from chosen), 0) - coalesce((select sum(shown.click_count) from shown), 0),
    'summed', exists (select from summed),
    'known_from', case
      when bounds.of_people and bounds.kept_from > from_on then bounds.kept_from
      when bounds.kept_from > from_on then least(bounds.kept_from, (select min(weeks.week_on) from weeks))
    end
  )
  from bounds;
end;

comment on function ops.click_cells(bigint, date, date, text, text, text) is
  'Where a version of a page was clicked on a class of device: {cells: [[element, x, y, clicks, rage, dead, grid]], shown_count,
hidden_count, summed, known_from}. x, y: ten-thousandths of the element; grid: into how many parts each side of it was cut;
hidden_count: clicks in cells of fewer than 3 visits; summed: some places are those of cells of weeks and days; known_from: places of earlier
days are no longer kept.';
