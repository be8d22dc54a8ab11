create function ops.approve_budget_move(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  move app.budget_moves;
  budget app.budgets;
  left_amount numeric(14, 2);
begin
  select * into strict move from app.budget_moves where budget_moves.id = approve_budget_move.record_id;
  select * into strict budget from app.budgets where budgets.id = move.budget_id for update;
  perform ops.check_move_decider(move.id, approve_budget_move.user_id);
  perform from app.budget_lines where budget_lines.budget_id = budget.id order by budget_lines.id for update;

  select lines.left_amount into left_amount from app.budget_lines as lines where lines.id = move.from_line_id;
  if budget.status <> 'active' or left_amount < move.amount then
    raise exception '转出项目的余额已不足 | The line no longer has that much left'
      using errcode = 'EG409', hint = '请退回，由申请人重新发起 | Refuse it, so that it is asked anew';
  end if;

  update app.budget_moves
  set
    state = 'applied',
    decided_by = approve_budget_move.user_id,
    decided_at = now(),
    decision_note = input ->> 'decision_note',
    version = budget_moves.version + 1
  where budget_moves.id = move.id;
  perform ops.apply_budget_move(move.id);
  return jsonb_build_object('message', jsonb_build_array('已批准并调拨', 'Approved; the money is moved'));
end;
$$;

comment on function ops.approve_budget_move(bigint, bigint, jsonb) is 'Consents to a move that waits, and books it if the money is still there.';
