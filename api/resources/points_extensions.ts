import { choices, f, resource, section } from '../definition.ts';

export default resource('points_extensions', {
  label: ['积分延期申请', 'Points extensions'],
  one: ['延期申请', 'extension'],
  group: 'points',
  order: 36,
  icon: 'clock',
  title: 'until_on',
  // Asked for on the customer's page; what was decided stays.
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    expiring_until_on: f.date({
      label: ['原到期日不晚于', 'Expiring by'],
      readonly: true,
      help: ['在这一天及之前到期的积分', 'Points whose last day is this one or before it'],
    }),
    until_on: f.date({ label: ['延期至', 'To last through'], readonly: true }),
    points: f.points({ label: ['申请时积分', 'Points when asked'], readonly: true, sum: true }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true, search: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        waiting: ['待审批', 'Waiting'],
        applied: ['已延期', 'Extended'],
        refused: ['已退回', 'Refused'],
      }),
    }),
    asked_by: f.ref({ label: ['申请人', 'Asked by'], to: 'users', readonly: true }),
    asked_at: f.datetime({ label: ['申请时间', 'Asked at'], readonly: true }),
    decided_by: f.ref({ label: ['审批人', 'Decided by'], to: 'users', readonly: true }),
    decided_at: f.datetime({ label: ['处理时间', 'Decided at'], readonly: true }),
    decision_note: f.text({ label: ['审批意见', 'Note'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'expiring_until_on', 'until_on', 'points', 'state', 'reason', 'asked_by', 'asked_at'],
    sort: '-asked_at',
    scopes: { waiting: { label: ['待审批', 'Waiting'], where: { state: { eq: 'waiting' } }, home: 'warning' } },
    tones: {
      waiting: { label: ['待审批', 'Waiting'], tone: 'warning', where: { state: { eq: 'waiting' } } },
      applied: { label: ['已延期', 'Extended'], tone: 'good', where: { state: { eq: 'applied' } } },
    },
  },
  form: [
    section(
      'request',
      ['申请', 'Request'],
      [['customer_id', 'points', 'state'], ['expiring_until_on', 'until_on'], 'reason'],
    ),
    section(
      'decision',
      ['经办', 'Who and when'],
      [
        ['asked_by', 'asked_at'],
        ['decided_by', 'decided_at', 'decision_note'],
      ],
    ),
  ],
  actions: {
    approve: {
      label: ['批准延期', 'Approve'],
      handler: 'approve_points_extension',
      scope: 'record',
      roles: ['manager', 'reviewer', 'operator'],
      allow: { state: { eq: 'waiting' } },
      input: { decision_note: f.text({ label: ['审批意见', 'Note'], max: 200 }) },
    },
    refuse: {
      label: ['退回', 'Refuse'],
      procedure: 'refuse_points_extension',
      scope: 'record',
      roles: ['manager', 'reviewer', 'operator'],
      allow: { state: { eq: 'waiting' } },
      input: { decision_note: f.text({ label: ['审批意见', 'Note'], required: true, max: 200 }) },
    },
  },
});
