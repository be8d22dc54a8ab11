create function ops.refresh_page_day(versions bigint[], days date[])
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
    from unnest(refresh_page_day.versions, refresh_page_day.days) as named (page_version_id, day)
    cross join app.settings
  ),

  fresh as materialized (
    select
      wanted.page_version_id,
      wanted.day,
      page_view.device_class,
      count(*) filter (where not page_view.bot) as view_count,
      count(distinct page_view.visit_id) filter (where not page_view.bot) as visit_count,
      count(*) filter (where page_view.bot) as bot_view_count
    from wanted
    inner join app.page_view
      on page_view.page_version_id = wanted.page_version_id
      and page_view.occurred_at >= wanted.from_at
      and page_view.occurred_at < wanted.until_at
      -- Received within a day of it, wherever the programme is: only these months are read.
      and page_view.received_on between wanted.day - 1 and wanted.day + 2
    group by wanted.page_version_id, wanted.day, page_view.device_class
  ),

  deleted as (
    delete from app.page_day
    using wanted
    where page_day.page_version_id = wanted.page_version_id
      and page_day.day = wanted.day
      and not exists (
        select
        from fresh
        where fresh.page_version_id = page_day.page_version_id
          and fresh.day = page_day.day
          and fresh.device_class = page_day.device_class
      )
    returning 1
  ),

  written as (
    insert into app.page_day (page_version_id, day, device_class, view_count, visit_count, bot_view_count)
    select
      fresh.page_version_id,
      fresh.day,
      fresh.device_class,
      fresh.view_count,
      fresh.visit_count,
      fresh.bot_view_count
    from fresh
    on conflict (page_version_id, day, device_class) do update set
      view_count = excluded.view_count,
      visit_count = excluded.visit_count,
      bot_view_count = excluded.bot_view_count
    where (page_day.view_count, page_day.visit_count, page_day.bot_view_count)
      is distinct from
      (excluded.view_count, excluded.visit_count, excluded.bot_view_count)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_page_day(bigint[], date[]) is
  'Makes app.page_day hold what was collected for these days, each of the version at the same place, touching only rows that
differ; returns how many.';
