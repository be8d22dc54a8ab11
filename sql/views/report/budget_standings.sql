create view report.budget_standings as

select
  budgets.code as budget_code,
  budgets.name as budget_name,
  budgets.name_en as budget_name_en,
  budgets.starts_on,
  budgets.ends_on,
  budgets.total as budget_amount,
  budgets.used_amount,
  budgets.left_amount,
  budgets.used_rate,
  round(
    (programme.today_on - budgets.starts_on + 1)::numeric / nullif(budgets.ends_on - budgets.starts_on + 1, 0), 4
  ) as passed_rate,
  budgets.lasts_until as lasts_until_on,
  case
    when budgets.peak_rate >= budgets.stop_at then 'missed'
    when budgets.used_rate >= budgets.warn_at or budgets.lasts_until < budgets.ends_on then 'at_risk'
    else 'on_track'
  end as status
from base.budgets
cross join base.programme
where budgets.status = 'active'
  and programme.today_on >= coalesce(budgets.starts_on, '-infinity')
  and programme.today_on <= coalesce(budgets.ends_on, 'infinity');

comment on view report.budget_standings is
  '预算现状 / Budgets today
One row per budget in force today, with how much of it and of its time is used.';
comment on column report.budget_standings.budget_code is
  '预算编码 / Budget code
Code of the budget.';
comment on column report.budget_standings.budget_name is
  '预算 / Budget
Name, Chinese.';
comment on column report.budget_standings.budget_name_en is
  '预算（英文） / Budget (English)
Name, English.';
comment on column report.budget_standings.starts_on is
  '开始日期 / From
First day.';
comment on column report.budget_standings.ends_on is
  '结束日期 / Until
Last day; empty: none.';
comment on column report.budget_standings.budget_amount is
  '预算额 / Budget
What it holds in all.';
comment on column report.budget_standings.used_amount is
  '已用 / Used
Spent, and kept for what was promised.';
comment on column report.budget_standings.left_amount is
  '剩余 / Left
Budget less used.';
comment on column report.budget_standings.used_rate is
  '已用比例 / Used
Used / budget.';
comment on column report.budget_standings.passed_rate is
  '时间进度 / Time passed
Days that have begun / days of the budget; empty where it has no end.';
comment on column report.budget_standings.lasts_until_on is
  '预计用完日期 / Lasts until
When its fullest line reaches its stop at the pace so far; empty: not before the end.';
comment on column report.budget_standings.status is
  '状态 / Status
missed: a line has reached its stop; at_risk: beyond its warning, or used up before its end at this pace; else on_track.';
