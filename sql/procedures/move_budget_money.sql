-- Who may move, how much alone, and above which amount somebody else consents is said by the budget itself.
create function ops.move_budget_money(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  budget app.budgets;
  roles text[];
  source app.budget_lines;
  target app.budget_lines;
  amount constant numeric(14, 2) := (input ->> 'amount')::numeric;
  alone boolean;
  move_id bigint;
begin
  select * into strict budget from app.budgets where budgets.id = move_budget_money.record_id for update;
  select users.roles into strict roles from app.users where users.id = move_budget_money.user_id;

  if not (roles && (budget.mover_roles || budget.approver_roles || array['administrator'])) then
    raise exception '您的角色不能调拨这项预算 | Your role may not move the money of this budget' using errcode = 'EG403';
  end if;

  -- In the order of their ids, as everybody locks lines.
  perform from app.budget_lines where budget_lines.budget_id = budget.id order by budget_lines.id for update;
  select * into source from app.budget_lines as lines
  where lines.budget_id = budget.id
    and lines.dimension = input ->> 'dimension'
    and coalesce(lines.segment_id::text, lines.cost_kind) = coalesce(input ->> 'from_segment_id', input ->> 'from_cost_kind');
  select * into target from app.budget_lines as lines
  where lines.budget_id = budget.id
    and lines.dimension = input ->> 'dimension'
    and coalesce(lines.segment_id::text, lines.cost_kind) = coalesce(input ->> 'to_segment_id', input ->> 'to_cost_kind');

  if source.id is null then
    raise exception '这项预算没有转出的项目 | The budget has no such line to take from'
      using errcode = 'EG422', column = case input ->> 'dimension' when 'segment' then 'from_segment_id' else 'from_cost_kind' end;
  end if;
  if target.id is null or target.id = source.id then
    raise exception '请选择另一个转入项目 | Choose another line to give to'
      using errcode = 'EG422', column = case input ->> 'dimension' when 'segment' then 'to_segment_id' else 'to_cost_kind' end;
  end if;
  if source.left_amount < amount then
    raise exception '转出项目只剩 % | Only % is left in that line', source.left_amount, source.left_amount
      using errcode = 'EG422', column = 'amount';
  end if;

  alone := amount <= budget.move_limit or roles && (budget.approver_roles || array['administrator']);
  insert into app.budget_moves (budget_id, from_line_id, to_line_id, amount, reason, state, asked_by, decided_at)
  values (
    budget.id, source.id, target.id, amount, input ->> 'reason',
    case when alone then 'applied' else 'waiting' end,
    move_budget_money.user_id,
    case when alone then now() end
  )
  returning budget_moves.id into move_id;

  if not alone then
    return jsonb_build_object(
      'message', jsonb_build_array('超过可自行调拨的额度，等待批准', 'Above the limit: it waits for consent'),
      'resource', 'budget_moves',
      'id', move_id
    );
  end if;
  perform ops.apply_budget_move(move_id);
  return jsonb_build_object('message', jsonb_build_array('已调拨', 'The money is moved'));
end;
$$;

comment on function ops.move_budget_money(bigint, bigint, jsonb) is
  'Moves money between two lines of one split, at once up to the budget''s limit or by an approver, else as a move that waits.';
