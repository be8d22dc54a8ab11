create view base.webhook_endpoints as
select
  webhook_endpoints.*,
  (
    select max(sealed_secrets.made_at)
    from app.sealed_secrets
    where sealed_secrets.kind = 'webhook_endpoints'
      and sealed_secrets.record_id = webhook_endpoints.id
      and sealed_secrets.until_at is null
  ) as secret_set_at,
  (
    select max(sealed_secrets.until_at)
    from app.sealed_secrets
    where sealed_secrets.kind = 'webhook_endpoints'
      and sealed_secrets.record_id = webhook_endpoints.id
      and sealed_secrets.until_at > now()
  ) as old_secret_until_at,
  (
    select count(*)
    from app.webhook_deliveries
    where webhook_deliveries.endpoint_id = webhook_endpoints.id
      and webhook_deliveries.due_at is not null
  ) as waiting
from app.webhook_endpoints;

comment on view base.webhook_endpoints is
  'Webhooks
One row per address that is told, with what waits for it.';
