create function ops.notices_of(subscription bigint, change bigint, from_at timestamptz, until_at timestamptz)
returns setof jsonb
language sql
stable
begin atomic
  select ops.alert_told(alert_changes, alerts)
  from app.subscriptions
  inner join app.alert_changes
    on alert_changes.notice is not null
    and (
      alert_changes.id = notices_of.change
      or (
        notices_of.change is null
        and alert_changes.happened_at > notices_of.from_at
        and alert_changes.happened_at <= notices_of.until_at
      )
    )
  inner join app.alerts
    on alerts.id = alert_changes.alert_id
    and ops.is_about(subscriptions, alerts)
  where subscriptions.id = notices_of.subscription
  order by alert_changes.happened_at desc, alert_changes.id desc
  limit 500;
end;

comment on function ops.notices_of(bigint, bigint, timestamptz, timestamptz) is
  'What a subscription is to be told: one notice, or those of a stretch of time, the newest first.';
