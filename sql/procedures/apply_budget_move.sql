-- The totals of both splits stay as they are; shares follow the amounts.
create function ops.apply_budget_move(move_id bigint)
returns void
language sql
volatile
begin atomic
  update app.budget_lines
  set
    amount = budget_lines.amount + case when budget_lines.id = budget_moves.to_line_id then budget_moves.amount else -budget_moves.amount end,
    share = round(
      (budget_lines.amount + case when budget_lines.id = budget_moves.to_line_id then budget_moves.amount else -budget_moves.amount end)
      / budgets.total,
      6
    )
  from app.budget_moves
  inner join app.budgets
    on budgets.id = budget_moves.budget_id
  where budget_moves.id = apply_budget_move.move_id
    and budget_lines.id in (budget_moves.from_line_id, budget_moves.to_line_id);

  update app.budgets
  set
    version = budgets.version + 1,
    updated_at = now()
  from app.budget_moves
  where budget_moves.id = apply_budget_move.move_id
    and budgets.id = budget_moves.budget_id;
end;

comment on function ops.apply_budget_move(bigint) is 'Books a move: one line less, the other more. The caller holds the lines and has checked what is left.';
