-- Each visit of the day in its order: page after page, the same again counting once, then the end. The device is that of its
-- first view. Where two pages were opened in the same millisecond, the number of the page decides.
create function ops.refresh_page_path_day(days date[])
returns bigint
language sql
volatile
begin atomic
  with wanted as materialized (
    select
      named.day,
      named.day::timestamp at time zone settings.time_zone as from_at,
      (named.day + 1)::timestamp at time zone settings.time_zone as until_at
    from unnest(refresh_page_path_day.days) as named (day)
    cross join app.settings
  ),

  ordered as (
    select
      wanted.day,
      page_view.visit_id,
      page_view.occurred_at,
      page_versions.page_id,
      first_value(page_view.device_class) over visits as device_class,
      first_value(page_versions.page_id) over visits as first_page_id,
      lag(page_versions.page_id) over visits as former_page_id
    from wanted
    cross join app.page_versions
    inner join app.page_view
      on page_view.page_version_id = page_versions.id
      and page_view.occurred_at >= wanted.from_at
      and page_view.occurred_at < wanted.until_at
      and page_view.received_on between wanted.day - 1 and wanted.day + 2
    where not page_view.bot
    window visits as (
      partition by wanted.day, page_view.visit_id
      order by page_view.occurred_at, page_versions.page_id, page_view.device_class
    )
  ),

  steps as (
    select
      ordered.day,
      ordered.device_class,
      ordered.first_page_id,
      row_number() over visits as step,
      ordered.page_id as from_page_id,
      coalesce(lead(ordered.page_id) over visits, 0) as to_page_id
    from ordered
    where ordered.page_id is distinct from ordered.former_page_id
    window visits as (partition by ordered.day, ordered.visit_id order by ordered.occurred_at, ordered.page_id)
  ),

  fresh as materialized (
    select
      steps.day,
      steps.device_class,
      steps.first_page_id,
      least(steps.step, 6) as step,
      steps.from_page_id,
      steps.to_page_id,
      count(*) as visit_count
    from steps
    where steps.step <= 5
      or steps.to_page_id = 0
    group by 1, 2, 3, 4, 5, 6
  ),

  deleted as (
    delete from app.page_path_day
    using wanted
    where page_path_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.day = page_path_day.day
          and fresh.device_class = page_path_day.device_class
          and fresh.first_page_id = page_path_day.first_page_id
          and fresh.step = page_path_day.step
          and fresh.from_page_id = page_path_day.from_page_id
          and fresh.to_page_id = page_path_day.to_page_id
      )
    returning 1
  ),

  written as (
    insert into app.page_path_day (day, device_class, first_page_id, step, from_page_id, to_page_id, visit_count)
    select
      fresh.day,
      fresh.device_class,
      fresh.first_page_id,
      fresh.step,
      fresh.from_page_id,
      fresh.to_page_id,
      fresh.visit_count
    from fresh
    on conflict (day, device_class, first_page_id, step, from_page_id, to_page_id) do update set
      visit_count = excluded.visit_count
    where page_path_day.visit_count is distinct from excluded.visit_count
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_page_path_day(date[]) is
  'Makes app.page_path_day hold what was collected for these days, touching only rows that differ; returns how many.';
