create function ops.refresh_elem_day(versions bigint[], days date[])
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
    from unnest(refresh_elem_day.versions, refresh_elem_day.days) as named (page_version_id, day)
    cross join app.settings
  ),

  fresh as materialized (
    select
      wanted.page_version_id,
      wanted.day,
      page_event.device_class,
      page_event.element_id,
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
    where not page_event.bot
      and page_event.element_id is not null
    group by wanted.page_version_id, wanted.day, page_event.device_class, page_event.element_id
  ),

  deleted as (
    delete from app.elem_day
    using wanted
    where elem_day.page_version_id = wanted.page_version_id
      and elem_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.page_version_id = elem_day.page_version_id
          and fresh.day = elem_day.day
          and fresh.device_class = elem_day.device_class
          and fresh.element_id = elem_day.element_id
      )
    returning 1
  ),

  written as (
    insert into app.elem_day (
      page_version_id, day, device_class, element_id, click_count, visit_count, rage_count, dead_count
    )
    select
      fresh.page_version_id,
      fresh.day,
      fresh.device_class,
      fresh.element_id,
      fresh.click_count,
      fresh.visit_count,
      fresh.rage_count,
      fresh.dead_count
    from fresh
    on conflict (page_version_id, day, device_class, element_id) do update set
      click_count = excluded.click_count,
      visit_count = excluded.visit_count,
      rage_count = excluded.rage_count,
      dead_count = excluded.dead_count
    where (elem_day.click_count, elem_day.visit_count, elem_day.rage_count, elem_day.dead_count)
      is distinct from
      (excluded.click_count, excluded.visit_count, excluded.rage_count, excluded.dead_count)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_elem_day(bigint[], date[]) is
  'Makes app.elem_day hold what was collected for these days, each of the version at the same place, touching only rows that
differ; returns how many.';
