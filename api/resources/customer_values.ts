import { choices, f, resource, section } from '../definition.ts';

export default resource('customer_values', {
  label: ['客户价值', 'Customer value'],
  one: ['客户价值', 'value of a customer'],
  group: 'customers',
  order: 105,
  icon: 'line-chart',
  view: 'base.customer_values',
  title: 'customer_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    churn_risk: f.choice({
      label: ['流失风险', 'Churn risk'],
      readonly: true,
      choices: choices({
        low: ['低', 'Low'],
        medium: ['中', 'Medium'],
        high: ['高', 'High'],
      }),
    }),
    churn_reason: f.choice({
      label: ['原因', 'Reason'],
      readonly: true,
      choices: choices({
        in_rhythm: ['按往常节奏下单', 'Buys in their rhythm'],
        longer_than_usual: ['沉默时间超出往常', 'Quiet for longer than usual'],
        one_order: ['首单后未再下单', 'Has not come back after the first order'],
      }),
    }),
    suggested_action: f.choice({
      label: ['建议动作', 'Suggested action'],
      readonly: true,
      choices: choices({
        none: ['无需干预', 'Nothing'],
        message: ['关怀触达', 'A caring message'],
        coupon: ['发放唤醒券', 'A win-back coupon'],
        contact: ['一对一联系', 'One-to-one contact'],
      }),
    }),
    alive_rate: f.rate({
      label: ['活跃概率', 'Chance of being active'],
      readonly: true,
      help: [
        '由下单间隔推算其仍会下单的概率；只下过一单的客户恒为 100%，请看流失风险',
        'That they still buy, by the rhythm of their orders. Always 100% after one order only: see the churn risk',
      ],
    }),
    expected_orders: f.decimal({
      label: ['未来 12 个月预计订单', 'Orders in the next 12 months'],
      scale: 2,
      readonly: true,
    }),
    order_value: f.money({ label: ['预计单均净额', 'Expected order value'], readonly: true }),
    expected_amount: f.money({
      label: ['未来 12 个月价值', 'Value of the next 12 months'],
      readonly: true,
      help: ['预计净销售额 × 毛利率，并按年折现率折现', 'Expected net sales times the margin, discounted to today'],
    }),
    repeats: f.integer({ label: ['复购次数', 'Repeat orders'], readonly: true }),
    last_order_on: f.date({ label: ['最近下单', 'Last order'], readonly: true }),
    quiet_days: f.integer({ label: ['沉默天数', 'Days since'], readonly: true }),
    usual_gap_days: f.decimal({
      label: ['往常间隔（天）', 'Usual days between'],
      scale: 1,
      readonly: true,
      help: ['只下过一单的客户取全体客户的中位数', 'Of whoever bought once, the median of the others'],
    }),
    as_of_on: f.date({ label: ['计算日期', 'As of'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'customer_id',
      'expected_amount',
      'expected_orders',
      'churn_risk',
      'churn_reason',
      'quiet_days',
      'usual_gap_days',
      'suggested_action',
    ],
    sort: '-expected_amount',
    scopes: {
      contact: { label: ['建议一对一联系', 'To be contacted'], where: { suggested_action: { eq: 'contact' } } },
      high: { label: ['高流失风险', 'High risk'], where: { churn_risk: { eq: 'high' } } },
    },
    tones: {
      high: { label: ['高流失风险', 'High risk'], tone: 'warning', where: { churn_risk: { eq: 'high' } } },
    },
  },
  form: [
    section(
      'value',
      ['未来 12 个月', 'The next 12 months'],
      [['customer_id', 'as_of_on'], ['expected_amount', 'expected_orders', 'order_value'], 'alive_rate'],
    ),
    section(
      'risk',
      ['流失风险', 'Churn'],
      [
        ['churn_risk', 'churn_reason', 'suggested_action'],
        ['repeats', 'last_order_on', 'quiet_days', 'usual_gap_days'],
      ],
    ),
  ],
});
