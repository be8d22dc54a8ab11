create function ops.wake_alert(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language sql
volatile
begin atomic
  with woken as (
    update app.alerts
    set
      snoozed_until_on = null,
      snooze_reason = null,
      snoozed_by = null,
      version = alerts.version + 1,
      updated_at = now()
    where alerts.id = record_id
    returning
      alerts.id,
      alerts.state
  )

  insert into app.alert_changes (alert_id, happened_at, from_state, state, action, user_id)
  select
    woken.id,
    clock_timestamp(),
    woken.state,
    woken.state,
    'woken',
    wake_alert.user_id
  from woken;

  select jsonb_build_object('message', jsonb_build_array('已恢复提醒', 'It speaks again'));
end;

comment on function ops.wake_alert(bigint, bigint, jsonb) is 'Ends the silence of an alert.';
