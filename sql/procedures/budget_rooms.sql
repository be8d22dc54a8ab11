create function ops.budget_rooms(of_budgets bigint[])
returns table (
  line_id bigint,
  budget_id bigint,
  dimension text,
  "position" integer,
  rule_set_id bigint,
  segment_code text,
  cost_kind text,
  amount numeric,
  room numeric,
  stops boolean,
  status text,
  starts_on date,
  ends_on date
)
language sql
stable
begin atomic
  select
    budget_lines.id,
    budget_lines.budget_id,
    budget_lines.dimension,
    budget_lines.position,
    segments.rule_set_id,
    segments.segment_code,
    budget_lines.cost_kind,
    budget_lines.amount,
    -- Never rounded up.
    trunc(budget_lines.amount * budgets.stop_at, 2) - budget_lines.reserved - budget_lines.committed - budget_lines.spent,
    budgets.at_limit = 'stop',
    budgets.status,
    budgets.starts_on,
    budgets.ends_on
  from app.budget_lines
  inner join app.budgets
    on budgets.id = budget_lines.budget_id
  left join base.segments
    on segments.id = budget_lines.segment_id
  where budget_lines.budget_id = any (of_budgets)
  order by budget_lines.id;
end;

comment on function ops.budget_rooms(bigint[]) is
  'The lines of budgets with the room that each has up to its limit, as ops.budget_answers takes them.';
