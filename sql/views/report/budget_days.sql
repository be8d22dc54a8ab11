create view report.budget_days as

with postings as (
  select
    budget_postings.budget_id,
    budget_postings.segment_line_id,
    budget_postings.kind_line_id,
    budget_postings.source_kind,
    budget_postings.posted_on as day,
    sum(
      case
        when budget_postings.from_state in ('free', 'released') and budget_postings.to_state in ('free', 'released') then 0
        when budget_postings.from_state in ('free', 'released') then budget_postings.amount
        when budget_postings.to_state in ('free', 'released') then -budget_postings.amount
        else 0
      end
    ) as used_amount,
    sum(
      case
        when budget_postings.to_state = 'spent' then budget_postings.amount
        when budget_postings.from_state = 'spent' then -budget_postings.amount
        else 0
      end
    ) as spent_amount
  from app.budget_postings
  group by
    budget_postings.budget_id, budget_postings.segment_line_id, budget_postings.kind_line_id, budget_postings.source_kind,
    budget_postings.posted_on
)

select
  budgets.code as budget_code,
  budgets.name as budget_name,
  budgets.name_en as budget_name_en,
  budgets.total as budget_amount,
  budgets.starts_on,
  budgets.ends_on,
  postings.day,
  segments.segment_code,
  segments.segment_name,
  segments.segment_name_en,
  of_kind.cost_kind,
  postings.source_kind,
  postings.used_amount,
  postings.spent_amount
from postings
inner join app.budgets
  on budgets.id = postings.budget_id
inner join app.budget_lines as of_segment
  on of_segment.id = postings.segment_line_id
inner join app.budget_lines as of_kind
  on of_kind.id = postings.kind_line_id
left join base.segments
  on segments.id = of_segment.segment_id;

comment on view report.budget_days is
  'Use of budgets by day
One row per budget, day, segment, cost kind and source, with what was taken from the budget and given back on that day. Days without postings are absent.';
comment on column report.budget_days.budget_code is
  '预算编码 / Budget code
The code of the budget.';
comment on column report.budget_days.budget_name is
  '预算 / Budget
Its Chinese name.';
comment on column report.budget_days.budget_name_en is
  '预算（英文） / Budget (English)
Its English name.';
comment on column report.budget_days.budget_amount is
  '预算总额 / Total
The total of the budget.';
comment on column report.budget_days.starts_on is
  '开始日期 / Starts on
First day of its period.';
comment on column report.budget_days.ends_on is
  '结束日期 / Ends on
Last day of its period.';
comment on column report.budget_days.day is
  '日期 / Date
Programme day to which the postings belong.';
comment on column report.budget_days.segment_code is
  '客群编码 / Segment code
The customer''s segment when it was granted.';
comment on column report.budget_days.segment_name is
  '客群 / Segment
Its Chinese name.';
comment on column report.budget_days.segment_name_en is
  '客群（英文） / Segment (English)
Its English name.';
comment on column report.budget_days.cost_kind is
  '费用类别 / Cost kind
referral, promotion, technology or contingency.';
comment on column report.budget_days.source_kind is
  '来源 / Source
points, benefit, coupon, reward, or manual.';
comment on column report.budget_days.used_amount is
  '占用 / Used
Reserved, committed and spent, less what was released.';
comment on column report.budget_days.spent_amount is
  '支出 / Spent
Spent, less what came back.';
