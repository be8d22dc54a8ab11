create function ops.commit_budget(source_kind text, source_key text, at timestamptz)
returns table (
  reserved numeric,
  committed numeric,
  spent numeric,
  released numeric
)
language sql
volatile
begin atomic
  select
    holds.reserved,
    holds.committed,
    holds.spent,
    holds.released
  from ops.settle_budget_holds(commit_budget.source_kind, array[commit_budget.source_key], 'committed', commit_budget.at) as holds;
end;

comment on function ops.commit_budget(text, text, timestamptz) is
  'What one grant reserved is promised for good, see ops.settle_budget_holds.';
