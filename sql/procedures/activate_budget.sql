create function ops.activate_budget(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  if (
    select count(distinct lines.dimension) < 2
    from app.budget_lines as lines
    where lines.budget_id = activate_budget.record_id
  ) then
    raise exception '请先按客群和费用类别分配预算 | Split the budget by segment and by cost kind first'
      using errcode = 'EG409';
  end if;

  update app.budgets
  set
    status = 'active',
    version = budgets.version + 1,
    updated_at = now()
  where budgets.id = activate_budget.record_id;
  return jsonb_build_object('message', jsonb_build_array('预算已启用', 'The budget is in force'));
end;
$$;

comment on function ops.activate_budget(bigint, bigint, jsonb) is 'Puts a draft budget with both of its splits in force.';
