create view base.report_deliveries as
select
  report_deliveries.id,
  health_reports.reported_on,
  health_reports.number,
  report_deliveries.subscription_id,
  report_deliveries.email,
  report_deliveries.state,
  report_deliveries.attempts,
  report_deliveries.answer,
  report_deliveries.queued_at,
  report_deliveries.sent_at
from app.report_deliveries
inner join app.health_reports
  on health_reports.id = report_deliveries.health_report_id;

comment on view base.report_deliveries is
  'Deliveries of health reports
One row per e-mail in which a report goes out, with what came of it.';
