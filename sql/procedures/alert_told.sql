create function ops.alert_told(change app.alert_changes, alert app.alerts)
returns jsonb
language sql
stable
begin atomic
  select jsonb_build_object(
    'change_id', change.id,
    'alert_id', alert.id,
    'happened_at', to_char(change.happened_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'notice', change.notice,
    'state', change.state,
    'name', jsonb_build_array(alert.name, alert.name_en),
    'subject', jsonb_build_array(alert.subject_text, alert.subject_text_en),
    'report', alert.report,
    'metric', alert.metric,
    'area', alert.area,
    'unit', alert.unit,
    'owner', alert.owner,
    'bucket_on', change.bucket_on,
    'value', change.value::text,
    'threshold', change.threshold::text,
    'note', change.note
  );
end;

comment on function ops.alert_told(app.alert_changes, app.alerts) is 'What a notice says: AlertNotice of api/contract-alerts.ts.';
