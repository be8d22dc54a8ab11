-- A budget that runs, or has run, keeps its split: money is moved with a reason, so that every yuan can be followed.
create function ops.guard_budgets(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  missing text;
begin
  if after is null then
    if before ->> 'status' <> 'draft' then
      raise exception '启用过的预算不能删除 | A budget that has been in force cannot be deleted'
        using errcode = 'EG409', hint = '请改为关闭 | Close it instead';
    end if;
    return;
  end if;

  if before ->> 'status' <> 'draft' and (
    after ->> 'total' is distinct from before ->> 'total'
    or after -> 'segment_lines' is distinct from before -> 'segment_lines'
    or after -> 'cost_lines' is distinct from before -> 'cost_lines'
  ) then
    raise exception '启用后的预算不能直接改额度 | The amounts of a budget in force are not edited'
      using
        errcode = 'EG409',
        hint = '请使用“调拨”，并写明原因 | Use "Move money", and say why';
  end if;

  -- Shares and amounts are both typed; they may differ by rounding only.
  select case lines.dimension when 'segment' then 'segment_lines' else 'cost_lines' end
  into missing
  from app.budget_lines as lines
  inner join app.budgets
    on budgets.id = lines.budget_id
  where lines.budget_id = guard_budgets.record_id
    and abs(lines.amount - lines.share * budgets.total) > greatest(0.01, budgets.total * 0.0001)
    and before ->> 'status' is distinct from 'active'
  limit 1;

  if missing is not null and after ->> 'status' = 'draft' then
    raise exception '金额与占比不一致 | Amounts and shares do not agree'
      using
        errcode = 'EG422',
        column = missing,
        hint = '可点“按占比分配金额” | Use "Amount by Share"';
  end if;
end;
$$;

comment on function ops.guard_budgets(bigint, bigint, jsonb, jsonb) is
  'Amounts agree with shares while a budget is a draft; once it is in force they change by moves only, and it cannot be deleted.';
