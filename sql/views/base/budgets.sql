create view base.budgets as

with uses as (
  select
    lines.budget_id,
    coalesce(sum(lines.used_amount) filter (where lines.dimension = 'segment'), 0) as used_amount,
    max(lines.used_amount / lines.amount) filter (where lines.amount > 0) as peak_rate,
    (array_agg(lines.segment_id order by lines.used_amount / lines.amount desc, lines.id) filter (where lines.amount > 0))[1]
      as peak_segment_id,
    (array_agg(lines.cost_kind order by lines.used_amount / lines.amount desc, lines.id) filter (where lines.amount > 0))[1]
      as peak_cost_kind
  from base.budget_lines as lines
  group by lines.budget_id
),

used as (
  select
    budgets.id as budget_id,
    coalesce(uses.used_amount, 0) as used_amount,
    coalesce(uses.peak_rate, 0) as peak_rate,
    case when uses.peak_rate > 0 then uses.peak_segment_id end as peak_segment_id,
    case when uses.peak_rate > 0 then uses.peak_cost_kind end as peak_cost_kind,
    -- Today is not over, but some of it is used.
    programme.today_on - budgets.starts_on + 1 as days,
    programme.today_on
  from app.budgets
  cross join base.programme
  left join uses
    on uses.budget_id = budgets.id
),

paced as (
  select
    used.budget_id,
    -- A pace that lasts for centuries is no date.
    budgets.starts_on + least(floor(budgets.stop_at * used.days / nullif(used.peak_rate, 0)), 36500)::integer as runs_out_on
  from used
  inner join app.budgets
    on budgets.id = used.budget_id
  where budgets.status = 'active'
    and used.today_on between budgets.starts_on and coalesce(budgets.ends_on, 'infinity')
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
  round(used.peak_rate, 4) as peak_rate,
  used.peak_segment_id,
  used.peak_cost_kind,
  case
    when used.peak_rate >= budgets.stop_at then least(paced.runs_out_on, used.today_on)
    when budgets.ends_on is null or paced.runs_out_on <= budgets.ends_on then paced.runs_out_on
  end as lasts_until,
  budgets.extras,
  budgets.version,
  budgets.created_at,
  budgets.updated_at
from app.budgets
inner join used
  on used.budget_id = budgets.id
left join paced
  on paced.budget_id = budgets.id;

comment on view base.budgets is
  'Budgets
One row per budget, with what is used of it, of its tightest line, and the day on which this line reaches the limit at the average pace since the start (empty while nothing is used, when it lasts for the period, and outside of it). Every cost counts once in each split, so the split by segment says it all.';
