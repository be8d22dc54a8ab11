-- Everything in one statement: a batch is known from the moment its rows are there, and a batch known before writes nothing.
-- Batches are claimed in one order, so that two processes that were sent the same ones wait and do not block each other.
create function ops.store_clicks(
  visits bigint[],
  batch_nos bigint[],
  versions bigint[],
  customers bigint[],
  devices text[],
  bots boolean[],
  view_batches integer[],
  view_times bigint[],
  event_batches integer[],
  event_times bigint[],
  event_kinds text[],
  event_elements integer[],
  event_xs smallint[],
  event_ys smallint[]
)
returns bigint
language sql
volatile
set plan_cache_mode = force_custom_plan
begin atomic
  with sent as materialized (
    select distinct on (batches.visit_id, batches.batch_no)
      batches.place,
      batches.visit_id,
      batches.batch_no,
      batches.page_version_id,
      batches.customer_id,
      batches.device_class,
      batches.bot
    from unnest(visits, batch_nos, versions, customers, devices, bots)
      with ordinality as batches (visit_id, batch_no, page_version_id, customer_id, device_class, bot, place)
    order by batches.visit_id, batches.batch_no, batches.place
  ),

  claimed as (
    insert into app.click_batches (visit_id, batch_no)
    select
      sent.visit_id,
      sent.batch_no
    from sent
    order by sent.visit_id, sent.batch_no
    on conflict (visit_id, batch_no) do nothing
    returning click_batches.visit_id, click_batches.batch_no
  ),

  batches as materialized (
    select
      sent.place,
      sent.visit_id,
      sent.page_version_id,
      -- Who was merged is whoever that is now; who was forgotten is nobody.
      case when known.status <> 'anonymised' then coalesce(known.merged_into_id, known.id) end as customer_id,
      sent.device_class,
      sent.bot
    from sent
    inner join claimed
      on claimed.visit_id = sent.visit_id
      and claimed.batch_no = sent.batch_no
    left join app.customers as known
      on known.id = sent.customer_id
  ),

  views as materialized (
    select
      to_timestamp(sent_views.at_ms / 1000.0) as occurred_at,
      batches.visit_id,
      batches.page_version_id,
      batches.customer_id,
      batches.device_class,
      batches.bot
    from unnest(view_batches, view_times) as sent_views (place, at_ms)
    inner join batches
      on batches.place = sent_views.place
  ),

  events as materialized (
    select
      to_timestamp(sent_events.at_ms / 1000.0) as occurred_at,
      batches.visit_id,
      batches.page_version_id,
      sent_events.element_id,
      sent_events.x,
      sent_events.y,
      sent_events.kind,
      batches.device_class,
      batches.bot
    from unnest(event_batches, event_times, event_kinds, event_elements, event_xs, event_ys)
      as sent_events (place, at_ms, kind, element_id, x, y)
    inner join batches
      on batches.place = sent_events.place
  ),

  stored_views as (
    insert into app.page_view (occurred_at, visit_id, page_version_id, customer_id, received_on, device_class, bot)
    select
      views.occurred_at,
      views.visit_id,
      views.page_version_id,
      views.customer_id,
      (now() at time zone 'UTC')::date,
      views.device_class,
      views.bot
    from views
  ),

  stored_events as (
    insert into app.page_event (
      occurred_at, visit_id, page_version_id, element_id, received_on, x, y, kind, device_class, bot
    )
    select
      events.occurred_at,
      events.visit_id,
      events.page_version_id,
      events.element_id,
      (now() at time zone 'UTC')::date,
      events.x,
      events.y,
      events.kind,
      events.device_class,
      events.bot
    from events
  ),

  dirty as (
    insert into app.dirty_click_days (page_version_id, day)
    select distinct
      touched.page_version_id,
      (touched.occurred_at at time zone settings.time_zone)::date
    from (
      select
        views.page_version_id,
        views.occurred_at
      from views
      union all
      select
        events.page_version_id,
        events.occurred_at
      from events
    ) as touched
    cross join app.settings
  )

  select (select count(*) from views) + (select count(*) from events);
end;

comment on function ops.store_clicks(
  bigint[], bigint[], bigint[], bigint[], text[], boolean[], integer[], bigint[], integer[], bigint[], text[], integer[],
  smallint[], smallint[]
) is
  'Stores views and events of batches that were not known yet and notes their days for the rollups; returns how many rows. The
first six lists say one batch each; view_batches and event_batches say to which of these, from 1; times are milliseconds since 1970.';
