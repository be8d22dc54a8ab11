create view base.budgets as

with lines as (
  select
    budget_lines.budget_id,
    sum(budget_lines.reserved + budget_lines.committed + budget_lines.spent) as used_amount
  from app.budget_lines
  where budget_lines.dimension = 'segment'
  group by budget_lines.budget_id
),

used as (
  select
    budgets.id as budget_id,
    coalesce(lines.used_amount, 0) as used_amount,
    greatest(least(programme.today_on, budgets.ends_on) - budgets.starts_on, 1) as days,
    programme.today_on
  from app.budgets
  cross join base.programme
  left join lines
    on lines.budget_id = budgets.id
)

select
  budgets.id,
  budgets.code,
  budgets.name,
  budgets.name_en,
  budgets.kind,
  budgets.status,
  budgets.starts_on,
  budgets.ends_on,
  budgets.total,
  budgets.owner_id,
  budgets.warn_at,
  budgets.stop_at,
  budgets.at_limit,
  budgets.mover_roles,
  budgets.move_limit,
  budgets.approver_roles,
  budgets.note,
  used.used_amount,
  budgets.total - used.used_amount as left_amount,
  round(used.used_amount / budgets.total, 4) as used_rate,
  case
    when budgets.status = 'active' and used.used_amount > 0 and used.today_on >= budgets.starts_on
      -- A pace that lasts for centuries is no date.
      then budgets.starts_on + least(ceil(budgets.total * used.days / used.used_amount), 36500)::integer
  end as lasts_until,
  budgets.extras,
  budgets.version,
  budgets.created_at,
  budgets.updated_at
from app.budgets
inner join used
  on used.budget_id = budgets.id;

comment on view base.budgets is
  'Budgets
One row per budget, with what is used of it and the day it runs out at the average pace since it started (empty while nothing is used). Every cost counts once in each split, so the split by segment says it all.';
