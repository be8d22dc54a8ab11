create function ops.hand_to_webhook(delivery bigint, attempt integer, endpoint bigint, at timestamptz, told jsonb, sha256 text)
returns text
language sql
volatile
begin atomic
  -- About nobody: the row of no customer keeps them in order.
  with mine as (
    select subscription_deliveries.id
    from app.subscription_deliveries
    where subscription_deliveries.id = delivery
      and subscription_deliveries.state = 'queued'
      and subscription_deliveries.attempts = attempt
    for update
  )

  insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
  select
    0,
    webhook_endpoints.id,
    'subscription.told',
    hand_to_webhook.at,
    jsonb_build_object('data', told)
  from mine
  inner join app.webhook_endpoints
    on webhook_endpoints.id = endpoint;

  select ops.note_subscription_delivery(
    delivery, attempt, 'sent', hand_to_webhook.at, null, 'webhook', hand_to_webhook.sha256
  );
end;

comment on function ops.hand_to_webhook(bigint, integer, bigint, timestamptz, jsonb, text) is
  'What a subscriber is told goes to their endpoint by the queue of webhooks, which signs it and tries again until it arrives.';
