create view base.page_views as

select
  page_view.occurred_at,
  (page_view.occurred_at at time zone settings.time_zone)::date as occurred_on,
  page_view.received_on,
  page_view.visit_id,
  page_view.page_version_id,
  page_view.device_class,
  page_view.customer_id
from app.page_view
cross join app.settings
where not page_view.bot;

comment on view base.page_views is
  'Views of pages
One row per view that is still kept, without those of bots. customer_id: where the page was given a signed reference.';
