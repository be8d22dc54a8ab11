create function ops.reserve_budget(
  budget_id bigint, customer_id bigint, cost_kind text, amount numeric, source_kind text, source_key text, at timestamptz
)
returns table (
  granted boolean,
  reason text
)
language sql
volatile
begin atomic
  select
    answers.granted,
    answers.reason
  from ops.reserve_budgets(
    jsonb_build_array(jsonb_build_object(
      'budget_id', reserve_budget.budget_id,
      'customer_id', reserve_budget.customer_id,
      'cost_kind', reserve_budget.cost_kind,
      'amount', reserve_budget.amount,
      'source_kind', reserve_budget.source_kind,
      'source_key', reserve_budget.source_key,
      'at', reserve_budget.at
    ))
  ) as answers;
end;

comment on function ops.reserve_budget(bigint, bigint, text, numeric, text, text, timestamptz) is
  'Asks a budget for one grant, see ops.reserve_budgets. cost_kind: referral, promotion, technology, contingency.';
