create view base.alerts as
select
  alerts.id,
  alerts.rule,
  alerts.name || case when alerts.subject_text = '' then '' else ' · ' || alerts.subject_text end as name,
  alerts.name_en || case when alerts.subject_text_en = '' then '' else ' · ' || alerts.subject_text_en end as name_en,
  alerts.report,
  alerts.metric,
  alerts.area,
  alerts.state,
  case alerts.state
    when 'bad' then 1
    when 'error' then 2
    when 'warn' then 3
    when 'no_data' then 4
    when 'pending' then 5
    else 6
  end as severity,
  alerts.state in ('bad', 'error', 'warn', 'no_data') as is_open,
  alerts.snoozed_until_on > programme.today_on is true as is_snoozed,
  alerts.since_at,
  alerts.bucket_on,
  alerts.value_text,
  alerts.threshold_text,
  alerts.failure,
  alerts.owner,
  alerts.owner_id,
  case when alerts.snoozed_until_on > programme.today_on then alerts.snoozed_until_on end as snoozed_until_on,
  case when alerts.snoozed_until_on > programme.today_on then alerts.snooze_reason end as snooze_reason,
  case when alerts.snoozed_until_on > programme.today_on then alerts.snoozed_by end as snoozed_by,
  alerts.judged_at,
  alerts.roles,
  alerts.version,
  alerts.created_at,
  alerts.updated_at
from app.alerts
cross join base.programme;

comment on view base.alerts is
  'Alerts
One row per status rule and series that it looks at, as it stands.';
