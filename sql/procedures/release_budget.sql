create function ops.release_budget(source_kind text, source_key text, at timestamptz, of_spent boolean default false)
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
  from ops.settle_budget_holds(release_budget.source_kind, array[release_budget.source_key], 'released', release_budget.at, null, release_budget.of_spent) as holds;
end;

comment on function ops.release_budget(text, text, timestamptz, boolean) is
  'One grant gives back what it holds; of_spent: what was spent on it too.';
