create function ops.spend_budget(source_kind text, source_key text, actual numeric, at timestamptz)
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
  from ops.settle_budget_holds(spend_budget.source_kind, array[spend_budget.source_key], 'spent', spend_budget.at, spend_budget.actual) as holds;
end;

comment on function ops.spend_budget(text, text, numeric, timestamptz) is
  'One grant has cost so much (all that it holds when null); the rest of what it held is released.';
