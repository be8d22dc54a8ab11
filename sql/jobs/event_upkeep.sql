-- every: 20 3 * * *
-- label: 行为数据的分区与保留 | Partitions and retention of events
create function ops.event_upkeep(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  made bigint := ops.make_event_partitions(as_of);
  gone bigint;
begin
  delete from app.events
  using app.settings
  where events.occurred_on < as_of - make_interval(months => settings.event_months)
    -- What earned is needed whenever books are done again.
    and events.kind not in ('sign_up', 'check_in', 'share', 'review', 'task_action');

  get diagnostics gone = row_count;
  return made + gone;
end;
$$;

comment on function ops.event_upkeep(date) is
  'Makes partitions for the months to come and removes events that do not earn once they are older than the months of the settings.';
