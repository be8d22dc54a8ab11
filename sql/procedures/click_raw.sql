-- The people are whoever is in the segment and the tier today; visits of nobody known are among them only where neither is asked for.
create function ops.click_raw(
  version bigint, from_on date, until_on date, device text, segment text, tier text
)
returns table (
  day date, visit_id bigint, customer_id bigint, device_class text, kind text, element_id integer, x smallint, y smallint
)
language sql
stable
begin atomic
  with bounds as materialized (
    select
      settings.time_zone,
      from_on::timestamp at time zone settings.time_zone as from_at,
      until_on::timestamp at time zone settings.time_zone as until_at
    from app.settings
  ),

  members as materialized (
    select segment_memberships.customer_id
    from app.segment_rule_sets
    inner join app.segment_memberships
      on segment_memberships.rule_set_id = segment_rule_sets.id
      and segment_memberships.segment_code = split_part(segment, '.', 2)
      and segment_memberships.left_on is null
    where segment_rule_sets.code = split_part(segment, '.', 1)
  ),

  holders as materialized (
    select tier_states.customer_id
    from app.tiers
    inner join app.tier_states
      on tier_states.tier_id = tiers.id
      and tier_states.book_id = 0
    where tiers.code = tier
  ),

  views as materialized (
    select
      (page_view.occurred_at at time zone bounds.time_zone)::date as day,
      page_view.visit_id,
      page_view.customer_id,
      page_view.device_class
    from bounds
    inner join app.page_view
      on page_view.page_version_id = version
      and page_view.occurred_at >= bounds.from_at
      and page_view.occurred_at < bounds.until_at
      -- Received within a day of it, wherever the programme is: only these months are read.
      and page_view.received_on between from_on - 1 and until_on + 1
    where not page_view.bot
      and (click_raw.device is null or page_view.device_class = click_raw.device)
      and (segment is null or page_view.customer_id in (select members.customer_id from members))
      and (tier is null or page_view.customer_id in (select holders.customer_id from holders))
  ),

  wanted as materialized (
    select distinct
      views.day,
      views.visit_id
    from views
    where segment is not null
      or tier is not null
  ),

  events as (
    select
      (page_event.occurred_at at time zone bounds.time_zone)::date as day,
      page_event.visit_id,
      page_event.device_class,
      page_event.kind,
      page_event.element_id,
      page_event.x,
      page_event.y
    from bounds
    inner join app.page_event
      on page_event.page_version_id = version
      and page_event.occurred_at >= bounds.from_at
      and page_event.occurred_at < bounds.until_at
      and page_event.received_on between from_on - 1 and until_on + 1
    where not page_event.bot
      and (click_raw.device is null or page_event.device_class = click_raw.device)
  )

  select
    views.day,
    views.visit_id,
    views.customer_id,
    views.device_class,
    'view',
    null::integer,
    null::smallint,
    null::smallint
  from views
  union all
  select
    events.day,
    events.visit_id,
    null::bigint,
    events.device_class,
    events.kind,
    events.element_id,
    events.x,
    events.y
  from events
  where segment is null
    and tier is null
    or (events.day, events.visit_id) in (
      select
        wanted.day,
        wanted.visit_id
      from wanted
    );
end;

comment on function ops.click_raw(bigint, date, date, text, text, text) is
  'Single views, clicks and scrolling of a version of a page from from_on until before until_on, as far as they are still kept,
without bots; of a class of device, and of customers who are in a segment (<rule set>.<segment>) or a tier today, where these are given.';
