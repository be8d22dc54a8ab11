create view base.report_subscriptions as
select
  report_subscriptions.id,
  report_subscriptions.name,
  report_subscriptions.email,
  report_subscriptions.lang,
  report_subscriptions.when_sent,
  report_subscriptions.status,
  (
    select max(report_deliveries.sent_at)
    from app.report_deliveries
    where report_deliveries.subscription_id = report_subscriptions.id
  ) as last_sent_at,
  report_subscriptions.version,
  report_subscriptions.created_at,
  report_subscriptions.updated_at
from app.report_subscriptions;

comment on view base.report_subscriptions is
  'Subscriptions to the health report
One row per person who gets it, with when they last did.';
