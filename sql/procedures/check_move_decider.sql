-- Four eyes: an approver of the budget, and not who asked.
create function ops.check_move_decider(move_id bigint, user_id bigint)
returns void
language plpgsql
stable
as $$
begin
  if exists (
    select
    from app.budget_moves
    where budget_moves.id = check_move_decider.move_id
      and budget_moves.asked_by = check_move_decider.user_id
  ) then
    raise exception '不能批准自己发起的调拨 | Nobody decides on their own move' using errcode = 'EG403';
  end if;

  if not exists (
    select
    from app.budget_moves
    inner join app.budgets
      on budgets.id = budget_moves.budget_id
    inner join app.users
      on users.roles && (budgets.approver_roles || array['administrator'])
    where budget_moves.id = check_move_decider.move_id
      and users.id = check_move_decider.user_id
  ) then
    raise exception '您不是这项预算的审批人 | You are no approver of this budget' using errcode = 'EG403';
  end if;
end;
$$;

comment on function ops.check_move_decider(bigint, bigint) is 'Refuses whoever may not decide on a move of money: who asked for it, and who is no approver of the budget.';
