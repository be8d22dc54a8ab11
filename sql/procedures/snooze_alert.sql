create function ops.snooze_alert(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  until_on constant date := (input ->> 'until_on')::date;
  today_on constant date := (select programme.today_on from base.programme);
begin
  if until_on <= today_on or until_on > today_on + 366 then
    raise exception '请选择明天起一年内的日期 | Choose a day from tomorrow, within a year'
      using errcode = 'EG422', column = 'until_on';
  end if;

  with snoozed as (
    update app.alerts
    set
      snoozed_until_on = until_on,
      snooze_reason = input ->> 'reason',
      snoozed_by = snooze_alert.user_id,
      version = alerts.version + 1,
      updated_at = now()
    where alerts.id = record_id
    returning
      alerts.id,
      alerts.state
  )

  insert into app.alert_changes (alert_id, happened_at, from_state, state, action, user_id, note)
  select
    snoozed.id,
    clock_timestamp(),
    snoozed.state,
    snoozed.state,
    'snoozed',
    snooze_alert.user_id,
    to_char(until_on, 'YYYY-MM-DD') || ' ' || (input ->> 'reason')
  from snoozed;

  return jsonb_build_object(
    'message', jsonb_build_array('已静音至 ' || until_on, 'Quiet until ' || until_on)
  );
end;
$$;

comment on function ops.snooze_alert(bigint, bigint, jsonb) is
  'Nobody is told of an alert until a day, with the reason; what happens meanwhile is kept, and told then if it still holds.';
