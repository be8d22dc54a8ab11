create function ops.refresh_scroll_day(versions bigint[], days date[])
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
    from unnest(refresh_scroll_day.versions, refresh_scroll_day.days) as named (page_version_id, day)
    cross join app.settings
  ),

  deepest as (
    select
      wanted.page_version_id,
      wanted.day,
      page_event.device_class,
      page_event.visit_id,
      max(page_event.y) as y
    from wanted
    inner join app.page_event
      on page_event.page_version_id = wanted.page_version_id
      and page_event.occurred_at >= wanted.from_at
      and page_event.occurred_at < wanted.until_at
      and page_event.received_on between wanted.day - 1 and wanted.day + 2
    where page_event.kind = 'scroll'
      and not page_event.bot
    group by wanted.page_version_id, wanted.day, page_event.device_class, page_event.visit_id
  ),

  fresh as materialized (
    select
      deepest.page_version_id,
      deepest.day,
      deepest.device_class,
      case when deepest.y = 9999 then 10 else deepest.y / 1000 end as depth_tenths,
      count(*) as visit_count
    from deepest
    group by 1, 2, 3, 4
  ),

  deleted as (
    delete from app.scroll_day
    using wanted
    where scroll_day.page_version_id = wanted.page_version_id
      and scroll_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.page_version_id = scroll_day.page_version_id
          and fresh.day = scroll_day.day
          and fresh.device_class = scroll_day.device_class
          and fresh.depth_tenths = scroll_day.depth_tenths
      )
    returning 1
  ),

  written as (
    insert into app.scroll_day (page_version_id, day, device_class, depth_tenths, visit_count)
    select
      fresh.page_version_id,
      fresh.day,
      fresh.device_class,
      fresh.depth_tenths,
      fresh.visit_count
    from fresh
    on conflict (page_version_id, day, device_class, depth_tenths) do update set
      visit_count = excluded.visit_count
    where scroll_day.visit_count is distinct from excluded.visit_count
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_scroll_day(bigint[], date[]) is
  'Makes app.scroll_day hold what was collected for these days, each of the version at the same place, touching only rows that
differ; returns how many.';
