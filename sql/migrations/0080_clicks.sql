-- What visitors of pages do: views and clicks as they were collected, and their rollups. No row says who it was but by a number
-- that the programme itself has signed; there is no address, no program of the visitor, no text.

create table app.page_elements (
  id integer generated always as identity primary key,
  page_version_id bigint not null,
  element text not null check (length(element) between 1 and 200),
  unique (page_version_id, element)
);
comment on table app.page_elements is 'What can be clicked on a version of a page, numbered as it is first heard of.';
comment on column app.page_elements.element is 'Its data-hm, or a selector such as "#main>ul>li:2"; "*" stands for all beyond the most that are kept apart.';

create table app.click_batches (
  visit_id bigint not null,
  batch_no bigint not null,
  received_at timestamptz not null default now(),
  primary key (visit_id, batch_no)
);
create index click_batches_received_idx on app.click_batches using brin (received_at);
comment on table app.click_batches is
  'Deliveries of the tracker, so that one that comes twice counts once. Kept for days: nothing older than one is taken.';

-- Columns in the order in which they take least room: an event is about 85 bytes, and 28 in its index.
create table app.page_view (
  occurred_at timestamptz not null,
  visit_id bigint not null,
  page_version_id bigint not null,
  customer_id bigint,
  received_on date not null,
  device_class text not null check (device_class in ('phone', 'tablet', 'desktop')),
  bot boolean not null
) partition by range (received_on);
create index page_view_version_idx on app.page_view (page_version_id, occurred_at);
create index page_view_customer_idx on app.page_view (customer_id) where customer_id is not null;
comment on table app.page_view is 'Views of pages as collected, in partitions by month of receipt. Kept for the days of the settings.';
comment on column app.page_view.visit_id is 'Drawn at random for a tab.';
comment on column app.page_view.customer_id is 'Only where the page was given a signed reference.';
comment on column app.page_view.received_on is 'Day in UTC.';
create table app.page_view_other partition of app.page_view default;

create table app.page_event (
  occurred_at timestamptz not null,
  visit_id bigint not null,
  page_version_id bigint not null,
  element_id integer,
  received_on date not null,
  x smallint check (x between 0 and 9999),
  y smallint check (y between 0 and 9999),
  kind text not null check (kind in ('click', 'rage', 'dead', 'scroll')),
  device_class text not null check (device_class in ('phone', 'tablet', 'desktop')),
  bot boolean not null,
  check ((kind = 'scroll') = (element_id is null))
) partition by range (received_on);
create index page_event_version_idx on app.page_event (page_version_id, occurred_at);
comment on table app.page_event is
  'Clicks and how far was scrolled, as collected, in partitions by month of receipt. Kept for the days of the settings.';
comment on column app.page_event.x is 'Ten-thousandths of the element''s width from its left edge; null where a key was pressed.';
comment on column app.page_event.y is 'Ten-thousandths of the element''s height from its upper edge; of scroll, how much of the page was seen.';
create table app.page_event_other partition of app.page_event default;

alter table app.settings add column click_days integer not null default 90 check (click_days between 14 and 730);
comment on column app.settings.click_days is 'How many days single views and clicks are kept; their rollups stay.';

create table app.dirty_click_days (
  id bigint generated always as identity primary key,
  page_version_id bigint not null,
  day date not null
);
comment on table app.dirty_click_days is
  'Days of versions of pages for which something was collected, written with it and drained by the rollups. Append-only, so that writers never wait for each other.';

create table app.dirty_click_paths (
  page_version_id bigint not null,
  day date not null,
  primary key (page_version_id, day)
);
comment on table app.dirty_click_paths is 'Days whose paths are to be made again once they are over.';

create table app.dirty_click_weeks (
  page_version_id bigint not null,
  week_on date not null,
  primary key (page_version_id, week_on)
);
comment on table app.dirty_click_weeks is 'Weeks whose cells are to be made again once they are over.';

create table app.page_day (
  page_version_id bigint not null,
  day date not null,
  device_class text not null,
  view_count bigint not null,
  visit_count bigint not null,
  bot_view_count bigint not null,
  primary key (page_version_id, day, device_class)
);
comment on table app.page_day is 'Views of versions of pages by programme day. Bots count in bot_view_count alone.';

create table app.elem_day (
  page_version_id bigint not null,
  day date not null,
  device_class text not null,
  element_id integer not null,
  click_count bigint not null,
  visit_count bigint not null,
  rage_count bigint not null,
  dead_count bigint not null,
  primary key (page_version_id, day, device_class, element_id)
);
comment on table app.elem_day is 'Clicks by element and programme day, without bots.';
comment on column app.elem_day.visit_count is 'Visits that clicked it that day.';

create table app.scroll_day (
  page_version_id bigint not null,
  day date not null,
  device_class text not null,
  depth_tenths smallint not null check (depth_tenths between 0 and 10),
  visit_count bigint not null,
  primary key (page_version_id, day, device_class, depth_tenths)
);
comment on table app.scroll_day is 'Visits of a programme day by how much of the page they came to see, without bots.';
comment on column app.scroll_day.depth_tenths is 'Whole tenths of the page; 10: to its end.';

create table app.cell_week (
  page_version_id bigint not null,
  week_on date not null,
  device_class text not null,
  element_id integer not null,
  cell_x smallint not null check (cell_x between 0 and 99),
  cell_y smallint not null check (cell_y between 0 and 99),
  click_count bigint not null,
  visit_count bigint not null,
  rage_count bigint not null,
  dead_count bigint not null,
  primary key (page_version_id, week_on, device_class, element_id, cell_x, cell_y)
);
comment on table app.cell_week is 'Clicks by hundredths of an element and by week, without bots; a week is there once it is over.';
comment on column app.cell_week.week_on is 'Its Monday.';

create table app.page_path_day (
  day date not null,
  device_class text not null,
  step smallint not null check (step between 1 and 5),
  from_page_id bigint not null,
  to_page_id bigint not null,
  visit_count bigint not null,
  primary key (day, device_class, step, from_page_id, to_page_id)
);
comment on table app.page_path_day is 'From page to page within visits of a programme day, without bots; a day is there once it is over.';
comment on column app.page_path_day.to_page_id is '0: the visit ended.';

create table app.elem_path_day (
  page_version_id bigint not null,
  day date not null,
  device_class text not null,
  step smallint not null check (step between 1 and 5),
  from_element_id integer not null,
  to_element_id integer not null,
  visit_count bigint not null,
  primary key (page_version_id, day, device_class, step, from_element_id, to_element_id)
);
comment on table app.elem_path_day is
  'From click to click on a version of a page within visits of a programme day, without bots; a day is there once it is over.';
comment on column app.elem_path_day.from_element_id is '0: the page was opened.';
comment on column app.elem_path_day.to_element_id is '0: nothing more was clicked.';
