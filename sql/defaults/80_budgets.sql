-- The budget of a year, to be given its total and put in force. New 20, Active 50, Dormant 30, everyone else nothing as yet;
-- referral 60, promotion 20, technology 15, contingency 5.
with budget as (
  insert into app.budgets (code, name, name_en, kind, starts_on, ends_on, total, note)
  select
    'programme_year',
    '会员计划年度预算',
    'Programme, this year',
    'period',
    programme.today_on,
    (programme.today_on + interval '1 year' - interval '1 day')::date,
    1000000,
    '按客群：新客 20%、活跃 50%、沉睡 30%；按费用：转介绍激励 60%、推广 20%、技术 15%、应急 5%'
  from base.programme
  on conflict (code) do nothing
  returning budgets.id, budgets.total
),

shares (dimension, position, segment_code, cost_kind, share) as (
  values
    ('segment', 1, 'new', null, 0.2),
    ('segment', 2, 'active', null, 0.5),
    ('segment', 3, 'dormant', null, 0.3),
    ('segment', 4, 'other', null, 0),
    ('cost_kind', 1, null, 'referral', 0.6),
    ('cost_kind', 2, null, 'promotion', 0.2),
    ('cost_kind', 3, null, 'technology', 0.15),
    ('cost_kind', 4, null, 'contingency', 0.05)
)

insert into app.budget_lines (budget_id, dimension, position, segment_id, cost_kind, share, amount)
select
  budget.id,
  shares.dimension,
  shares.position,
  segments.id,
  shares.cost_kind,
  shares.share,
  budget.total * shares.share
from budget
cross join shares
left join base.segments
  on segments.rule_set_code = 'lifecycle'
  and segments.segment_code = shares.segment_code
-- A programme without that segment plans no money for it.
where shares.cost_kind is not null
  or segments.id is not null;
