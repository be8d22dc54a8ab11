create view report.budget_burn as

with changes as (
  select
    budget_postings.budget_id,
    budget_postings.posted_on as day,
    sum(
      case
        when budget_postings.from_state in ('free', 'released') then budget_postings.amount
        when budget_postings.to_state in ('free', 'released') then -budget_postings.amount
        else 0
      end
    ) as used_amount
  from app.budget_postings
  where (budget_postings.from_state in ('free', 'released')) <> (budget_postings.to_state in ('free', 'released'))
  group by budget_postings.budget_id, budget_postings.posted_on
),

periods as (
  select
    budgets.id as budget_id,
    budgets.code as budget_code,
    budgets.name as budget_name,
    budgets.name_en as budget_name_en,
    budgets.total as budget_amount,
    budgets.starts_on,
    coalesce(budgets.ends_on, programme.today_on) as ends_on,
    programme.today_on
  from app.budgets
  cross join base.programme
  where budgets.status <> 'draft'
    and budgets.starts_on <= coalesce(budgets.ends_on, programme.today_on)
),

days as (
  select
    periods.*,
    each_day::date as day
  from periods
  cross join generate_series(
    periods.starts_on,
    -- Long enough for any plan, short enough for any chart.
    least(periods.ends_on, periods.starts_on + 1500),
    interval '1 day'
  ) as each_day
)

select
  days.budget_code,
  days.budget_name,
  days.budget_name_en,
  days.day,
  days.budget_amount,
  case
    when days.day <= days.today_on
      then days.budget_amount - coalesce(sum(changes.used_amount) over (partition by days.budget_code order by days.day), 0)
  end as left_amount,
  round(
    days.budget_amount * (days.ends_on - days.day) / nullif(days.ends_on - days.starts_on, 0),
    2
  ) as even_left_amount
from days
left join changes
  on changes.budget_id = days.budget_id
  and changes.day = days.day;

comment on view report.budget_burn is
  'Burn-down of budgets
One row per budget in force or closed and day of its period: what is left at the end of the day, and what would be if it were used evenly.';
comment on column report.budget_burn.budget_code is
  '预算编码 / Budget code
The code of the budget.';
comment on column report.budget_burn.budget_name is
  '预算 / Budget
Its Chinese name.';
comment on column report.budget_burn.budget_name_en is
  '预算（英文） / Budget (English)
Its English name.';
comment on column report.budget_burn.day is
  '日期 / Date
Programme day.';
comment on column report.budget_burn.budget_amount is
  '预算总额 / Total
The total of the budget.';
comment on column report.budget_burn.left_amount is
  '剩余 / Left
The total less what was reserved, committed and spent until the end of the day; empty after today.';
comment on column report.budget_burn.even_left_amount is
  '匀速剩余 / Left at an even pace
What would be left if the total were used evenly over the period.';
