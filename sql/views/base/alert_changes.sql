create view base.alert_changes as
select
  alert_changes.id,
  alert_changes.alert_id,
  alert_changes.happened_at,
  alert_changes.from_state,
  alert_changes.state,
  alert_changes.bucket_on,
  alert_changes.value_text,
  alert_changes.threshold_text,
  alert_changes.notice,
  alert_changes.action,
  alert_changes.user_id,
  alert_changes.note,
  alerts.roles
from app.alert_changes
inner join app.alerts
  on alerts.id = alert_changes.alert_id;

comment on view base.alert_changes is
  'Course of alerts
One row per change of an alert, notice or thing that somebody did about it.';
