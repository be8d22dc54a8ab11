-- Paths are told apart by what a visit began with, so that those of one start can be followed to their end, and say how visits of
-- more than five steps ended. Clicks by twentieths of an element: coarse enough to be read as a picture.

alter table app.elem_path_day
  add column first_element_id integer not null default 0,
  drop constraint elem_path_day_pkey,
  drop constraint elem_path_day_step_check,
  add primary key (page_version_id, day, device_class, first_element_id, step, from_element_id, to_element_id),
  add constraint elem_path_day_step_check check (step between 1 and 6);
alter table app.elem_path_day alter column first_element_id drop default;
comment on column app.elem_path_day.first_element_id is 'What the visit clicked first; 0: nothing.';
comment on column app.elem_path_day.step is '6: the end of a visit of more steps, from what it clicked last.';

alter table app.page_path_day
  add column first_page_id bigint not null default 0,
  drop constraint page_path_day_pkey,
  drop constraint page_path_day_step_check,
  add primary key (day, device_class, first_page_id, step, from_page_id, to_page_id),
  add constraint page_path_day_step_check check (step between 1 and 6);
alter table app.page_path_day alter column first_page_id drop default;
comment on column app.page_path_day.first_page_id is 'The page that the visit opened first.';
comment on column app.page_path_day.step is '6: the end of a visit of more steps, on the page it saw last.';

-- Days whose single events are still kept are made again.
insert into app.dirty_click_paths (page_version_id, day)
select distinct
  elem_path_day.page_version_id,
  elem_path_day.day
from app.elem_path_day
cross join app.settings
where elem_path_day.day > current_date - settings.click_days
on conflict (page_version_id, day) do nothing;

create table app.grid_week (
  page_version_id bigint not null,
  week_on date not null,
  device_class text not null,
  element_id integer not null,
  grid_x smallint not null check (grid_x between 0 and 19),
  grid_y smallint not null check (grid_y between 0 and 19),
  click_count bigint not null,
  visit_count bigint not null,
  rage_count bigint not null,
  dead_count bigint not null,
  primary key (page_version_id, week_on, device_class, element_id, grid_x, grid_y)
);
comment on table app.grid_week is 'Clicks by twentieths of an element and by week, without bots; a week is there once it is over.';
comment on column app.grid_week.week_on is 'Its Monday.';

insert into app.dirty_click_weeks (page_version_id, week_on)
select distinct
  cell_week.page_version_id,
  cell_week.week_on
from app.cell_week
cross join app.settings
where cell_week.week_on > current_date - settings.click_days
on conflict (page_version_id, week_on) do nothing;
