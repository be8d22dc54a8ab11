create view base.subscriptions as
select
  subscriptions.id,
  subscriptions.user_id,
  subscriptions.about,
  subscriptions.target,
  -- Those from before names were kept.
  coalesce(nullif(subscriptions.target_name, ''), subscriptions.target) as name,
  coalesce(nullif(subscriptions.target_name_en, ''), subscriptions.target) as name_en,
  subscriptions.params,
  subscriptions.channel,
  subscriptions.endpoint_id,
  subscriptions.frequency,
  subscriptions.weekday,
  subscriptions.hour,
  subscriptions.lang,
  subscriptions.when_quiet,
  subscriptions.status,
  (
    select max(subscription_deliveries.ended_at)
    from app.subscription_deliveries
    where subscription_deliveries.subscription_id = subscriptions.id
      and subscription_deliveries.state = 'sent'
  ) as last_sent_at,
  subscriptions.version,
  subscriptions.created_at,
  subscriptions.updated_at
from app.subscriptions;

comment on view base.subscriptions is
  'Subscriptions to reports, metrics and areas
One row per person and what they asked to be told of, with when they last were.';
