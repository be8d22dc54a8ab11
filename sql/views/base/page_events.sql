create view base.page_events as

select
  page_event.occurred_at,
  (page_event.occurred_at at time zone settings.time_zone)::date as occurred_on,
  page_event.received_on,
  page_event.visit_id,
  page_event.page_version_id,
  page_event.device_class,
  page_event.kind,
  page_event.element_id,
  page_elements.element,
  page_event.x,
  page_event.y
from app.page_event
cross join app.settings
left join app.page_elements
  on page_elements.id = page_event.element_id
where not page_event.bot;

comment on view base.page_events is
  'Clicks and scrolling on pages
One row per event that is still kept, without those of bots. x, y: ten-thousandths of the element''s box; y of a scroll: how much of
the page was seen.';
