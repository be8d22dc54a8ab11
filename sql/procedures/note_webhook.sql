create function ops.note_webhook(delivery bigint, attempt integer, arrived boolean, at timestamptz, said text, retry_seconds integer)
returns text
language sql
volatile
begin atomic
  update app.webhook_deliveries
  set
    state = case
      when arrived then 'delivered'
      when webhook_deliveries.attempts >= webhook_endpoints.max_attempts then 'failed'
      else 'queued'
    end,
    due_at = case
      when not arrived and webhook_deliveries.attempts < webhook_endpoints.max_attempts
        then note_webhook.at + make_interval(secs => greatest(
          coalesce(note_webhook.retry_seconds, 0),
          least(webhook_endpoints.retry_seconds * power(2, webhook_deliveries.attempts - 1), 21600)
        ))
    end,
    delivered_at = case when arrived then note_webhook.at end,
    answer = note_webhook.said
  from app.webhook_endpoints
  where webhook_deliveries.id = delivery
    and webhook_deliveries.state = 'sending'
    and webhook_deliveries.attempts = attempt
    and webhook_endpoints.id = webhook_deliveries.endpoint_id
  returning webhook_deliveries.state;
end;

comment on function ops.note_webhook(bigint, integer, boolean, timestamptz, text, integer) is
  'What posting a delivery came to; tried again after a pause that doubles, up to the attempts of its endpoint. Nothing when it is no longer in the hands of that attempt.';
