-- Cells of an element in three widths, by day and by week, so that the places of a month of a much visited page are read from sums.

alter table app.cell_week
  add column grid smallint not null default 100,
  drop constraint cell_week_pkey,
  drop constraint cell_week_cell_x_check,
  drop constraint cell_week_cell_y_check;

-- Of weeks whose single clicks are gone: one visit may have clicked in several of the hundredths, the most of any of them is sure.
insert into app.cell_week (
  page_version_id, week_on, device_class, grid, element_id, cell_x, cell_y, click_count, visit_count, rage_count, dead_count
)
select
  cell_week.page_version_id,
  cell_week.week_on,
  cell_week.device_class,
  grids.grid,
  cell_week.element_id,
  cell_week.cell_x * grids.grid / 100,
  cell_week.cell_y * grids.grid / 100,
  sum(cell_week.click_count),
  max(cell_week.visit_count),
  sum(cell_week.rage_count),
  sum(cell_week.dead_count)
from app.cell_week
cross join (values (50), (10)) as grids (grid)
group by 1, 2, 3, 4, 5, 6, 7;

delete from app.cell_week
where cell_week.grid = 100;

insert into app.cell_week (
  page_version_id, week_on, device_class, grid, element_id, cell_x, cell_y, click_count, visit_count, rage_count, dead_count
)
select
  grid_week.page_version_id,
  grid_week.week_on,
  grid_week.device_class,
  20,
  grid_week.element_id,
  grid_week.grid_x,
  grid_week.grid_y,
  grid_week.click_count,
  grid_week.visit_count,
  grid_week.rage_count,
  grid_week.dead_count
from app.grid_week;

drop table app.grid_week;

alter table app.cell_week
  alter column grid drop default,
  add primary key (page_version_id, week_on, device_class, grid, element_id, cell_x, cell_y),
  add constraint cell_week_grid_check check (grid in (50, 20, 10)),
  add constraint cell_week_cell_x_check check (cell_x >= 0 and cell_x < grid),
  add constraint cell_week_cell_y_check check (cell_y >= 0 and cell_y < grid);
comment on table app.cell_week is 'Clicks by cells of an element and by week, without bots; a week is there once it is over.';
comment on column app.cell_week.grid is 'Into how many parts each side of the element is cut.';
comment on column app.cell_week.visit_count is 'Visits that clicked there; a visit is of one day.';

create table app.cell_day (
  page_version_id bigint not null,
  day date not null,
  device_class text not null,
  grid smallint not null check (grid in (50, 20, 10)),
  element_id integer not null,
  cell_x smallint not null check (cell_x >= 0 and cell_x < grid),
  cell_y smallint not null check (cell_y >= 0 and cell_y < grid),
  click_count bigint not null,
  visit_count bigint not null,
  rage_count bigint not null,
  dead_count bigint not null,
  primary key (page_version_id, day, device_class, grid, element_id, cell_x, cell_y)
);
comment on table app.cell_day is
  'Clicks by cells of an element and programme day, without bots; a day is there once it is over, and as long as single clicks are kept.';
comment on column app.cell_day.grid is 'Into how many parts each side of the element is cut.';

comment on table app.dirty_click_paths is 'Days whose paths and cells are to be made again once they are over.';

-- Days and weeks whose single clicks are still kept are made again.
insert into app.dirty_click_paths (page_version_id, day)
select distinct
  elem_day.page_version_id,
  elem_day.day
from app.elem_day
cross join app.settings
where elem_day.day > current_date - settings.click_days
on conflict (page_version_id, day) do nothing;

insert into app.dirty_click_weeks (page_version_id, week_on)
select distinct
  cell_week.page_version_id,
  cell_week.week_on
from app.cell_week
cross join app.settings
where cell_week.week_on > current_date - settings.click_days
on conflict (page_version_id, week_on) do nothing;
