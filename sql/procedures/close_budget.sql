create function ops.close_budget(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  -- Who asks for money at this moment comes before, or finds it closed.
  perform
  from app.budget_lines
  where budget_lines.budget_id = close_budget.record_id
  order by budget_lines.id
  for update;

  if exists (
    select
    from app.budget_lines as lines
    where lines.budget_id = close_budget.record_id
      and lines.reserved > 0
  ) then
    raise exception '还有预占未结清，暂不能关闭 | Something is still reserved, so it cannot be closed yet'
      using errcode = 'EG409';
  end if;

  update app.budget_moves
  set
    state = 'refused',
    decided_by = nullif(close_budget.user_id, budget_moves.asked_by),
    decided_at = now(),
    decision_note = '预算已关闭',
    version = budget_moves.version + 1
  where budget_moves.budget_id = close_budget.record_id
    and budget_moves.state = 'waiting';

  update app.budgets
  set
    status = 'closed',
    version = budgets.version + 1,
    updated_at = now()
  where budgets.id = close_budget.record_id;
  return jsonb_build_object('message', jsonb_build_array('预算已关闭', 'The budget is closed'));
end;
$$;

comment on function ops.close_budget(bigint, bigint, jsonb) is
  'Ends a budget in force when nothing of it is reserved any more; moves that still wait are refused.';
