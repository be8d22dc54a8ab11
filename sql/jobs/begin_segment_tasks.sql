-- every: 30 0 * * *
-- after: segment_snapshot
-- label: 按客群开始的任务 | Tasks that begin with a segment
create function ops.begin_segment_tasks(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  noted bigint;
begin
  insert into app.follow_ups (customer_id, follower, fact_kind, fact_id)
  select distinct
    segment_memberships.customer_id,
    'tasks',
    'segment',
    0
  from base.task_versions
  inner join base.segments
    on segments.id = any (task_versions.trigger_segments || task_versions.segments)
  inner join app.segment_memberships
    on segment_memberships.rule_set_id = segments.rule_set_id
    and segment_memberships.segment_code = segments.segment_code
  where task_versions.status = 'active'
    and task_versions.effective_until_at is null
    and task_versions.trigger in ('segment_entry', 'always')
    and segment_memberships.entered_on between begin_segment_tasks.as_of - 1 and begin_segment_tasks.as_of
    and not exists (
      select
      from app.follow_ups
      where follow_ups.customer_id = segment_memberships.customer_id
        and follow_ups.follower = 'tasks'
        and follow_ups.fact_kind = 'segment'
    );

  get diagnostics noted = row_count;
  return noted;
end;
$$;

comment on function ops.begin_segment_tasks(date) is
  'Whoever entered a segment that begins tasks, or admits to them, by the day is looked at; twice changes nothing.';
