create function ops.is_about(subscription app.subscriptions, alert app.alerts)
returns boolean
language sql
immutable
begin atomic
  select case subscription.about
    when 'report' then alert.report = subscription.target
    when 'metric' then alert.metric = subscription.target
    else alert.area = subscription.target
  end is true;
end;

comment on function ops.is_about(app.subscriptions, app.alerts) is 'Whether an alert is one of those that a subscription asks for.';
