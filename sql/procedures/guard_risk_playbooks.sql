-- A playbook in force can be followed: its steps stand in the order of their deadlines, and the first is due in time.
create function ops.guard_risk_playbooks(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  late record;
begin
  if after is null then
    if before ->> 'status' = 'active' then
      raise exception '启用中的预案不能删除 | A playbook in force cannot be deleted'
        using errcode = 'EG409', hint = '请先停用 | Retire it first';
    end if;
    return;
  end if;

  with steps as (
    select
      steps.position - 1 as place,
      ops.span_minutes((steps.value ->> 'due_after')::integer, steps.value ->> 'due_unit') as due_minutes
    from jsonb_array_elements(after -> 'steps') with ordinality as steps (value, position)
  ),

  ordered as (
    select
      steps.place,
      steps.due_minutes,
      lag(steps.due_minutes) over (order by steps.place) as before_minutes
    from steps
  )

  select
    ordered.place,
    ordered.before_minutes is not null as follows
  into late
  from ordered
  where ordered.due_minutes < ordered.before_minutes
    or (
      ordered.place = 0
      and ordered.due_minutes > ops.span_minutes((after ->> 'response_within')::integer, after ->> 'response_unit')
    )
  order by ordered.place
  limit 1;

  if late.follows then
    raise exception '截止时间早于上一步 | It is due before the step before it'
      using
        errcode = 'EG422',
        column = format('steps.%s.due_after', late.place),
        hint = '请调整顺序或时限 | Change the order or the time';
  elsif late.place is not null then
    raise exception '第一步应在响应时限内完成 | The first step is due within the response time'
      using errcode = 'EG422', column = format('steps.%s.due_after', late.place);
  end if;
end;
$$;

comment on function ops.guard_risk_playbooks(bigint, bigint, jsonb, jsonb) is
  'Steps stand in the order of their deadlines, the first within the response time; what is in force is not deleted.';
