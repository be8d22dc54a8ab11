-- Each visit of the day in its order: opened, then what was clicked, the same again counting once, then left. Where two things
-- happened in the same millisecond, the number of the element decides, so that it comes to the same whenever it is made.
create function ops.refresh_elem_path_day(versions bigint[], days date[])
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
    from unnest(refresh_elem_path_day.versions, refresh_elem_path_day.days) as named (page_version_id, day)
    cross join app.settings
  ),

  clicks as (
    select
      wanted.page_version_id,
      wanted.day,
      page_event.device_class,
      page_event.visit_id,
      page_event.element_id,
      page_event.occurred_at
    from wanted
    inner join app.page_event
      on page_event.page_version_id = wanted.page_version_id
      and page_event.occurred_at >= wanted.from_at
      and page_event.occurred_at < wanted.until_at
      and page_event.received_on between wanted.day - 1 and wanted.day + 2
    where page_event.kind = 'click'
      and not page_event.bot
  ),

  opened as (
    select distinct
      wanted.page_version_id,
      wanted.day,
      page_view.device_class,
      page_view.visit_id
    from wanted
    inner join app.page_view
      on page_view.page_version_id = wanted.page_version_id
      and page_view.occurred_at >= wanted.from_at
      and page_view.occurred_at < wanted.until_at
      and page_view.received_on between wanted.day - 1 and wanted.day + 2
    where not page_view.bot
    union
    select
      clicks.page_version_id,
      clicks.day,
      clicks.device_class,
      clicks.visit_id
    from clicks
  ),

  -- Opened is number 0, before everything.
  nodes as (
    select
      opened.page_version_id,
      opened.day,
      opened.device_class,
      opened.visit_id,
      0 as element_id,
      '-infinity'::timestamptz as occurred_at
    from opened
    union all
    select
      clicks.page_version_id,
      clicks.day,
      clicks.device_class,
      clicks.visit_id,
      clicks.element_id,
      clicks.occurred_at
    from clicks
  ),

  ordered as (
    select
      nodes.page_version_id,
      nodes.day,
      nodes.device_class,
      nodes.visit_id,
      nodes.element_id,
      nodes.occurred_at,
      lag(nodes.element_id) over visits as former_element_id
    from nodes
    window visits as (
      partition by nodes.page_version_id, nodes.day, nodes.device_class, nodes.visit_id
      order by nodes.occurred_at, nodes.element_id
    )
  ),

  steps as (
    select
      ordered.page_version_id,
      ordered.day,
      ordered.device_class,
      coalesce(nth_value(ordered.element_id, 2) over whole_visits, 0) as first_element_id,
      row_number() over visits as step,
      ordered.element_id as from_element_id,
      coalesce(lead(ordered.element_id) over visits, 0) as to_element_id
    from ordered
    where ordered.element_id is distinct from ordered.former_element_id
    window visits as (
      partition by ordered.page_version_id, ordered.day, ordered.device_class, ordered.visit_id
      order by ordered.occurred_at, ordered.element_id
    ),
    whole_visits as (visits rows between unbounded preceding and unbounded following)
  ),

  fresh as materialized (
    select
      steps.page_version_id,
      steps.day,
      steps.device_class,
      steps.first_element_id,
      least(steps.step, 6) as step,
      steps.from_element_id,
      steps.to_element_id,
      count(*) as visit_count
    from steps
    where steps.step <= 5
      or steps.to_element_id = 0
    group by 1, 2, 3, 4, 5, 6, 7
  ),

  deleted as (
    delete from app.elem_path_day
    using wanted
    where elem_path_day.page_version_id = wanted.page_version_id
      and elem_path_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.page_version_id = elem_path_day.page_version_id
          and fresh.day = elem_path_day.day
          and fresh.device_class = elem_path_day.device_class
          and fresh.first_element_id = elem_path_day.first_element_id
          and fresh.step = elem_path_day.step
          and fresh.from_element_id = elem_path_day.from_element_id
          and fresh.to_element_id = elem_path_day.to_element_id
      )
    returning 1
  ),

  written as (
    insert into app.elem_path_day (
      page_version_id, day, device_class, first_element_id, step, from_element_id, to_element_id, visit_count
    )
    select
      fresh.page_version_id,
      fresh.day,
      fresh.device_class,
      fresh.first_element_id,
      fresh.step,
      fresh.from_element_id,
      fresh.to_element_id,
      fresh.visit_count
    from fresh
    on conflict (page_version_id, day, device_class, first_element_id, step, from_element_id, to_element_id) do update set
      visit_count = excluded.visit_count
    where elem_path_day.visit_count is distinct from excluded.visit_count
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_elem_path_day(bigint[], date[]) is
  'Makes app.elem_path_day hold what was collected for these days, each of the version at the same place, touching only rows that
differ; returns how many.';
