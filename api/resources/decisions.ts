import { choices, f, resource, section } from '../definition.ts';
import { EVENT_FACTS } from '../facts/fields.ts';

export default resource('decisions', {
  label: ['规则判定', 'Decisions'],
  one: ['规则判定', 'decision'],
  group: 'points',
  order: 33,
  icon: 'audit',
  view: 'base.decisions',
  title: 'outcome',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    rule_id: f.ref({ label: ['规则', 'Rule'], to: 'earn_rules', readonly: true }),
    outcome: f.choice({
      label: ['结果', 'Outcome'],
      readonly: true,
      choices: choices({
        granted: ['已发放', 'Given'],
        capped: ['达到上限', 'Held to a limit'],
        outranked: ['同组规则优先', 'Another of its group came first'],
        below_one: ['不足一分', 'Less than one point'],
        refused: ['已拒绝', 'Refused'],
      }),
    }),
    reason: f.choice({
      label: ['拒绝原因', 'Why refused'],
      readonly: true,
      choices: choices({
        budget_exhausted: ['预算已用完', 'The budget is used up'],
        no_budget_line: ['该客群或费用类别没有额度', 'No money for the segment or the cost kind'],
        budget_not_active: ['预算未在执行', 'The budget is not in force'],
        outside_budget_period: ['不在预算期间内', 'Outside the period of the budget'],
        not_in_audience: ['不属于活动受众', 'Not who the campaign is for'],
        held_out: ['在活动的对照组中', 'Left out by the campaign, to compare with'],
      }),
    }),
    cost: f.money({ label: ['成本', 'Cost'], readonly: true }),
    points: f.points({ label: ['发放数额', 'Points'], readonly: true }),
    basis_amount: f.money({ label: ['计算金额', 'For'], readonly: true }),
    raw_points: f.decimal({ label: ['取整前', 'Before rounding'], scale: 4, readonly: true }),
    fact_kind: f.choice({
      label: ['起因', 'Because of'],
      readonly: true,
      choices: choices({ order: ['订单', 'Order'], sign_up: ['入会', 'Enrolment'], ...EVENT_FACTS }),
    }),
    fact_id: f.integer({ label: ['起因编号', 'Its number'], plain: true, readonly: true }),
    occurred_at: f.datetime({ label: ['发生时间', 'Occurred at'], readonly: true }),
    detail: f.json({ label: ['计算过程', 'How'] }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['outcome', 'reason', 'customer_id', 'rule_id', 'points', 'cost', 'fact_kind', 'occurred_at'],
    sort: '-id',
    scopes: {
      refused: { label: ['未发放', 'Nothing given'], where: { points: { eq: 0 } } },
      budget: {
        label: ['预算拒绝', 'Refused by a budget'],
        where: { reason: { notNull: true, nin: ['not_in_audience', 'held_out'] } },
      },
      held_out: { label: ['对照组', 'Held out'], where: { reason: { eq: 'held_out' } } },
    },
  },
  form: [
    section(
      'decision',
      ['判定', 'Decision'],
      [
        ['customer_id', 'rule_id', 'outcome', 'reason'],
        ['points', 'cost', 'basis_amount', 'raw_points'],
        ['fact_kind', 'fact_id', 'occurred_at'],
        'detail',
      ],
    ),
  ],
});
