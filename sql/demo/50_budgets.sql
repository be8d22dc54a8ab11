-- The demo's year began a while ago: the budget runs, part of it is used, some money was moved and some waits for consent.
update app.budgets
set
  status = 'active',
  starts_on = date_trunc('year', current_setting('seed.as_of_on')::date)::date,
  ends_on = (date_trunc('year', current_setting('seed.as_of_on')::date) + interval '1 year' - interval '1 day')::date,
  owner_id = (select users.id from app.users where 'operator' = any (users.roles) order by users.id limit 1)
where budgets.code = 'programme_year';

update app.budget_lines
set
  spent = round(budget_lines.amount * used.spent, 2),
  committed = round(budget_lines.amount * used.committed, 2),
  reserved = round(budget_lines.amount * used.reserved, 2)
from (
  values
    ('segment', 1, 0.11, 0.02, 0.01),
    ('segment', 2, 0.13, 0.03, 0.01),
    ('segment', 3, 0.09, 0.01, 0.01),
    ('cost_kind', 1, 0.12, 0.02, 0.01),
    ('cost_kind', 2, 0.09, 0.03, 0.01),
    ('cost_kind', 3, 0.12, 0.02, 0.0),
    ('cost_kind', 4, 0.12, 0.02, 0.04)
) as used (dimension, position, spent, committed, reserved)
where budget_lines.budget_id = (select budgets.id from app.budgets where budgets.code = 'programme_year')
  and budget_lines.dimension = used.dimension
  and budget_lines.position = used.position;

insert into app.budget_moves (
  budget_id, from_line_id, to_line_id, amount, reason, state, asked_by, asked_at, decided_at
)
select
  source.budget_id,
  source.id,
  target.id,
  20000,
  '沉睡客户召回延后一个月，先支持活跃客户季度权益卡',
  'waiting',
  asker.id,
  (current_setting('seed.as_of_on')::date - 2) + time '10:30',
  null
from app.budget_lines as source
inner join app.budget_lines as target
  on target.budget_id = source.budget_id
  and target.dimension = 'segment'
  and target.position = 2
-- Many made-up customers come without people: nobody asks then.
inner join (
  select min(users.id) as id
  from app.users
  where 'operator' = any (users.roles)
) as asker
  on asker.id is not null
where source.dimension = 'segment'
  and source.position = 3
  and source.budget_id = (select budgets.id from app.budgets where budgets.code = 'programme_year')
  and not exists (select from app.budget_moves);
