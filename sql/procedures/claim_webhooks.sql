-- Whoever sends takes some. Of a customer an endpoint is told one thing at a time, so that the order stays.
create function ops.claim_webhooks(how_many integer, at timestamptz)
returns table (
  id bigint,
  attempt integer,
  endpoint_id bigint,
  url text,
  timeout_seconds integer,
  topic text,
  occurred_at timestamptz,
  body jsonb
)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  return query
  with picked as (
    select
      webhook_deliveries.customer_id,
      webhook_deliveries.id
    from app.webhook_deliveries
    inner join app.webhook_endpoints
      on webhook_endpoints.id = webhook_deliveries.endpoint_id
      and webhook_endpoints.status = 'active'
    where webhook_deliveries.due_at <= claim_webhooks.at
      -- Nothing goes out unsigned: what happens meanwhile is kept until there is a secret.
      and exists (
        select
        from app.sealed_secrets
        where sealed_secrets.kind = 'webhook_endpoints'
          and sealed_secrets.record_id = webhook_endpoints.id
          and sealed_secrets.until_at is null
      )
      and not exists (
        select
        from app.webhook_deliveries as earlier
        where earlier.endpoint_id = webhook_deliveries.endpoint_id
          and earlier.customer_id = webhook_deliveries.customer_id
          and earlier.due_at is not null
          and earlier.id < webhook_deliveries.id
      )
    order by webhook_deliveries.due_at, webhook_deliveries.id
    limit how_many
    for update of webhook_deliveries skip locked
  )

  update app.webhook_deliveries
  set
    state = 'sending',
    attempts = webhook_deliveries.attempts + 1,
    claimed_at = claim_webhooks.at,
    due_at = claim_webhooks.at + make_interval(secs => 2 * webhook_endpoints.timeout_seconds + 30)
  from picked
  inner join app.webhook_endpoints
    on true
  where webhook_deliveries.customer_id = picked.customer_id
    and webhook_deliveries.id = picked.id
    and webhook_endpoints.id = webhook_deliveries.endpoint_id
  returning
    webhook_deliveries.id,
    webhook_deliveries.attempts,
    webhook_deliveries.endpoint_id,
    webhook_endpoints.url,
    webhook_endpoints.timeout_seconds,
    webhook_deliveries.topic,
    webhook_deliveries.occurred_at,
    webhook_deliveries.body;
end;
$$;

comment on function ops.claim_webhooks(integer, timestamptz) is
  'Takes deliveries that are due and can be signed, to be posted now by whoever calls, and by nobody else for a while.';
