create view base.webhook_deliveries as
select
  webhook_deliveries.id,
  webhook_deliveries.customer_id,
  webhook_deliveries.endpoint_id,
  webhook_deliveries.topic,
  webhook_deliveries.occurred_at,
  webhook_deliveries.body -> 'data' as body,
  webhook_deliveries.state,
  case when webhook_deliveries.state = 'queued' then webhook_deliveries.due_at end as due_at,
  webhook_deliveries.attempts,
  webhook_deliveries.delivered_at,
  webhook_deliveries.answer,
  webhook_deliveries.recorded_at,
  webhook_deliveries.version
from app.webhook_deliveries;

comment on view base.webhook_deliveries is
  'Webhook deliveries
One row per thing that an endpoint is told, with what came of it.';
