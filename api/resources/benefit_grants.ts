import { choices, f, resource, section } from '../definition.ts';

export default resource('benefit_grants', {
  label: ['权益包持有', 'Package holders'],
  one: ['权益包持有', 'holding'],
  group: 'points',
  order: 35,
  icon: 'box',
  view: 'base.benefit_grants',
  title: 'period_from',
  // Granted by the day, or on the page of a customer.
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    package_id: f.ref({ label: ['权益包', 'Package'], to: 'benefit_packages', readonly: true }),
    period_from: f.date({ label: ['期间开始', 'From'], readonly: true }),
    period_through: f.date({ label: ['期间结束', 'Through'], readonly: true }),
    granted_at: f.datetime({ label: ['发放时间', 'Granted at'], readonly: true }),
    reason: f.choice({
      label: ['发放依据', 'Granted'],
      readonly: true,
      choices: choices({
        period: ['周期发放', 'By period'],
        entry: ['进入等级或客群', 'On entry'],
        manual: ['人工发放', 'By hand'],
      }),
    }),
    note: f.text({ label: ['说明', 'Note'], readonly: true }),
    granted_by: f.ref({ label: ['发放人', 'Granted by'], to: 'users', readonly: true }),
    ended_at: f.datetime({
      label: ['收回时间', 'Taken back at'],
      readonly: true,
      help: [
        '任务不再达成时收回未用的部分，已用的保留',
        'A task was reached no longer: what was left ended, what was used stays',
      ],
    }),
    running: f.boolean({ label: ['持有中', 'Held now'], readonly: true }),
    used: f.integer({ label: ['已用次数', 'Used'], readonly: true, sum: true }),
    left_uses: f.integer({ label: ['剩余次数', 'Left'], readonly: true, sum: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'package_id', 'period_from', 'period_through', 'reason', 'used', 'left_uses', 'running'],
    sort: '-id',
    scopes: {
      running: { label: ['持有中', 'Held now'], where: { running: { eq: true } } },
      by_hand: { label: ['人工发放', 'By hand'], where: { reason: { eq: 'manual' } } },
    },
    tones: {
      taken_back: { label: ['已收回', 'Taken back'], tone: 'quiet', where: { ended_at: { notNull: true } } },
      over: { label: ['已到期', 'Over'], tone: 'quiet', where: { running: { eq: false } } },
    },
  },
  form: [
    section(
      'grant',
      ['持有', 'Holding'],
      [
        ['customer_id', 'package_id', 'running'],
        ['period_from', 'period_through', 'ended_at'],
        ['used', 'left_uses'],
      ],
    ),
    section('why', ['依据', 'Why'], [['reason', 'granted_at', 'granted_by'], 'note']),
  ],
});
