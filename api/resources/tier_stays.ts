import { choices, f, resource, section } from '../definition.ts';
import { EVENT_FACTS } from '../facts/fields.ts';

export default resource('tier_stays', {
  label: ['等级变动', 'Tier history'],
  one: ['等级变动', 'stay in a tier'],
  group: 'points',
  order: 29,
  icon: 'history',
  view: 'base.tier_stays',
  title: 'tier_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    tier_id: f.ref({ label: ['等级', 'Tier'], to: 'tiers', readonly: true }),
    reason: f.choice({
      label: ['原因', 'Reason'],
      readonly: true,
      choices: choices({
        enrol: ['入会', 'Enrolment'],
        upgrade: ['达到门槛', 'Threshold reached'],
        downgrade: ['到期未达保级门槛', 'Not retained when it ended'],
        refund: ['退款后不再达标', 'Not reached after a refund'],
        manual: ['人工定级', 'Given by staff'],
      }),
    }),
    entered_at: f.datetime({ label: ['进入时间', 'From'], readonly: true }),
    left_at: f.datetime({ label: ['离开时间', 'Until'], readonly: true }),
    fact_kind: f.choice({
      label: ['起因', 'Because of'],
      readonly: true,
      choices: choices({
        order: ['订单', 'Order'],
        return: ['退货', 'Return'],
        unsold: ['分享成交被退货', 'What a share sold came back'],
        sign_up: ['入会', 'Enrolment'],
        ...EVENT_FACTS,
        grade: ['人工定级', 'Staff'],
        day: ['日期', 'A new day'],
      }),
    }),
    fact_id: f.integer({ label: ['起因编号', 'Its number'], plain: true, readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'tier_id', 'reason', 'entered_at', 'left_at', 'fact_kind'],
    sort: '-id',
    scopes: { current: { label: ['当前', 'Current'], where: { left_at: { null: true } } } },
  },
  form: [
    section(
      'stay',
      ['经过', 'Course'],
      [
        ['customer_id', 'tier_id', 'reason'],
        ['entered_at', 'left_at'],
        ['fact_kind', 'fact_id'],
      ],
    ),
  ],
});
