create view base.budget_lines as

with kinds (cost_kind, name, name_en) as (
  values
    ('referral', '转介绍激励', 'Referral incentives'),
    ('promotion', '推广', 'Promotion'),
    ('technology', '技术', 'Technology'),
    ('contingency', '应急', 'Contingency')
)

select
  budget_lines.id,
  budget_lines.budget_id,
  budget_lines.dimension,
  budget_lines.position,
  budget_lines.segment_id,
  budget_lines.cost_kind,
  coalesce(segments.segment_name, kinds.name) as name,
  coalesce(segments.segment_name_en, kinds.name_en) as name_en,
  budget_lines.amount,
  budget_lines.reserved,
  budget_lines.committed,
  budget_lines.spent,
  budget_lines.released,
  budget_lines.left_amount,
  budget_lines.amount - budget_lines.left_amount as used_amount,
  trunc(budget_lines.amount * budgets.stop_at, 2) - (budget_lines.amount - budget_lines.left_amount) as room_amount,
  budgets.at_limit = 'stop' as stops,
  budgets.status as budget_status
from app.budget_lines
inner join app.budgets
  on budgets.id = budget_lines.budget_id
left join base.segments
  on segments.id = budget_lines.segment_id
left join kinds
  on kinds.cost_kind = budget_lines.cost_kind;

comment on view base.budget_lines is
  'Budget lines
One row per line of a budget, of either split, called by its segment or cost kind, with what became of its money; room_amount is what may still be granted up to the limit.';
