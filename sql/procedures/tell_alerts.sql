create function ops.tell_alerts(rule text, at timestamptz)
returns void
language sql
volatile
begin atomic
  insert into app.subscription_deliveries (subscription_id, change_id)
  select
    subscriptions.id,
    alert_changes.id
  from app.alerts
  inner join app.alert_changes
    on alert_changes.alert_id = alerts.id
    and alert_changes.happened_at = tell_alerts.at
    and alert_changes.notice is not null
  inner join app.subscriptions
    on subscriptions.status = 'active'
    and subscriptions.frequency = 'at_once'
    and ops.is_about(subscriptions, alerts)
  where alerts.rule = tell_alerts.rule
  order by subscriptions.id, alert_changes.id
  on conflict do nothing;

  -- About nobody: the row of no customer keeps them in order.
  insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
  select
    0,
    webhook_endpoints.id,
    'alert.changed',
    alert_changes.happened_at,
    jsonb_build_object('data', ops.alert_told(alert_changes, alerts))
  from app.alerts
  inner join app.alert_changes
    on alert_changes.alert_id = alerts.id
    and alert_changes.happened_at = tell_alerts.at
    and alert_changes.notice is not null
  inner join app.webhook_endpoints
    on webhook_endpoints.topics @> array['alert.changed']
  where alerts.rule = tell_alerts.rule
  order by webhook_endpoints.id, alert_changes.id;
end;

comment on function ops.tell_alerts(text, timestamptz) is
  'Queues what a rule has just found to be told: to those who subscribed at once, and to endpoints that ask for every alert.';
