create view base.subscription_deliveries as
select
  subscription_deliveries.id,
  subscription_deliveries.subscription_id,
  subscriptions.user_id,
  case when subscription_deliveries.change_id is null then 'digest' else 'notice' end as kind,
  alert_changes.alert_id,
  subscription_deliveries.from_at,
  subscription_deliveries.until_at,
  subscriptions.channel,
  subscription_deliveries.state,
  subscription_deliveries.attempts,
  subscription_deliveries.sent_to,
  subscription_deliveries.answer,
  subscription_deliveries.due_at,
  subscription_deliveries.queued_at,
  subscription_deliveries.ended_at
from app.subscription_deliveries
inner join app.subscriptions
  on subscriptions.id = subscription_deliveries.subscription_id
left join app.alert_changes
  on alert_changes.id = subscription_deliveries.change_id;

comment on view base.subscription_deliveries is
  'Deliveries to subscribers
One row per notice or digest that goes out to a subscriber, with what came of it.';
