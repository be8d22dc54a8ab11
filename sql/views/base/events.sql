create view base.events as
select
  events.id,
  events.customer_id,
  events.kind,
  events.occurred_at,
  events.occurred_on,
  events.channel,
  events.order_id,
  events.product_id,
  events.rating,
  events.task_code,
  events.campaign_code,
  events.subject,
  events.source,
  events.external_id,
  events.created_at
from app.events;

comment on view base.events is
  'What customers did
One row per event: check-ins, shares, reviews, task actions and behaviour beside buying.';
