-- The demo's programme has a budget for its whole time, in force; everyone else has a part of it too, since most customers are
-- in none of the three segments. What the points of the default rules cost is taken from it, as the engine works them in.
update app.budget_lines
set
  share = planned.share,
  amount = 500000 * planned.share
from (
  values
    ('segment', 1, 0.1),
    ('segment', 2, 0.4),
    ('segment', 3, 0.15),
    ('segment', 4, 0.35),
    ('cost_kind', 1, 0.3),
    ('cost_kind', 2, 0.5),
    ('cost_kind', 3, 0.15),
    ('cost_kind', 4, 0.05)
) as planned (dimension, position, share)
where budget_lines.budget_id = (select budgets.id from app.budgets where budgets.code = 'programme_year' and budgets.status = 'draft')
  and budget_lines.dimension = planned.dimension
  and budget_lines.position = planned.position;

update app.earn_rules
set budget_id = (select budgets.id from app.budgets where budgets.code = 'programme_year')
where earn_rules.account = 'points'
  and earn_rules.effect <> 'multiply'
  and earn_rules.budget_id is null
  and exists (
    select
    from app.budgets
    where budgets.code = 'programme_year'
      and budgets.status = 'draft'
  );

-- Costs that were paid by invoice.
select ops.post_budget(
  (
    select
      jsonb_agg(
        jsonb_build_object(
          'segment_line_id', of_segment.id,
          'kind_line_id', of_kind.id,
          'from_state', 'free',
          'to_state', 'spent',
          'amount', costs.amount,
          'source_kind', 'manual',
          'source_key', 'demo ' || costs.document,
          'document', costs.document,
          'note', costs.note,
          'posted_on', current_setting('seed.as_of_on')::date - costs.days_ago
        )
        order by costs.days_ago desc
      )
    from (
      values
        (390, 'FP-2025-0117', 'technology', 2, 18000.00, '会员小程序改版'),
        (262, 'FP-2025-0391', 'referral', 2, 26500.00, '转介绍海报与物料'),
        (133, 'FP-2025-0702', 'technology', 4, 12000.00, '短信通道年费'),
        (41, 'FP-2026-0016', 'promotion', 3, 9800.00, '沉睡客户召回投放')
    ) as costs (days_ago, document, cost_kind, segment_position, amount, note)
    inner join app.budgets
      on budgets.code = 'programme_year'
    inner join app.budget_lines as of_segment
      on of_segment.budget_id = budgets.id
      and of_segment.dimension = 'segment'
      and of_segment.position = costs.segment_position
    inner join app.budget_lines as of_kind
      on of_kind.budget_id = budgets.id
      and of_kind.cost_kind = costs.cost_kind
  )
)
where exists (
  select
  from app.budgets
  where budgets.code = 'programme_year'
    and budgets.status = 'draft'
);

update app.budgets
set
  name = '会员计划预算',
  name_en = 'Programme',
  status = 'active',
  starts_on = current_setting('seed.as_of_on')::date - 425,
  ends_on = (date_trunc('year', current_setting('seed.as_of_on')::date) + interval '1 year' - interval '1 day')::date,
  total = 500000,
  note = '按客群：新客 10%、活跃 40%、沉睡 15%、其他 35%；按费用：转介绍激励 40%、推广 40%、技术 15%、应急 5%',
  owner_id = (select users.id from app.users where 'operator' = any (users.roles) order by users.id limit 1)
where budgets.code = 'programme_year'
  and budgets.status = 'draft';

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
