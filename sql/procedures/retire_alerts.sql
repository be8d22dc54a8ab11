create function ops.retire_alerts(rules text[], unknown_reports text[])
returns void
language sql
volatile
begin atomic
  with gone as (
    select
      alerts.id,
      alerts.state
    from app.alerts
    where alerts.rule <> all (rules)
      and (alerts.state <> 'ok' or alerts.told <> '{}')
      and (alerts.report is null or alerts.report <> all (unknown_reports))
    for update
  ),

  closed as (
    update app.alerts
    set
      state = 'ok',
      since_at = clock_timestamp(),
      told = '{}',
      value = null,
      threshold = null,
      value_text = null,
      threshold_text = null,
      failure = null,
      version = alerts.version + 1,
      updated_at = now()
    from gone
    where alerts.id = gone.id
    returning
      alerts.id,
      gone.state as from_state
  )

  insert into app.alert_changes (alert_id, happened_at, from_state, state, note)
  select
    closed.id,
    clock_timestamp(),
    closed.from_state,
    'ok',
    '规则已取消 | The rule is gone'
  from closed;
end;

comment on function ops.retire_alerts(text[], text[]) is
  'Alerts of rules that are no more are closed without a word. unknown_reports: those whose file cannot be read now, which keep theirs.';
