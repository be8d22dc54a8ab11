import { choices, f, resource, section } from '../definition.ts';

export default resource('budget_moves', {
  label: ['预算调拨', 'Budget moves'],
  one: ['预算调拨', 'move'],
  group: 'budgets',
  order: 20,
  icon: 'swap',
  view: 'base.budget_moves',
  title: ['title', 'title_en'],
  // Moves are asked for on their budget; what was booked stays.
  offers: 'rx',
  fields: {
    title: f.text({ label: ['调拨', 'Move'], readonly: true, search: true }),
    title_en: f.text({ label: ['调拨（英文）', 'Move (English)'], readonly: true, search: true }),
    budget_id: f.ref({ label: ['预算', 'Budget'], to: 'budgets', readonly: true }),
    amount: f.money({ label: ['金额', 'Amount'], readonly: true, sum: true }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true, search: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        waiting: ['待审批', 'Waiting'],
        applied: ['已调拨', 'Moved'],
        refused: ['已退回', 'Refused'],
      }),
    }),
    asked_by: f.ref({ label: ['发起人', 'Asked by'], to: 'users', readonly: true }),
    asked_at: f.datetime({ label: ['发起时间', 'Asked at'], readonly: true }),
    decided_by: f.ref({ label: ['审批人', 'Decided by'], to: 'users', readonly: true }),
    decided_at: f.datetime({ label: ['处理时间', 'Decided at'], readonly: true }),
    decision_note: f.text({ label: ['审批意见', 'Note'], readonly: true }),
  },
  access: { operator: 'r', manager: 'r', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['title', 'budget_id', 'amount', 'state', 'reason', 'asked_by', 'asked_at'],
    sort: '-asked_at',
    scopes: { waiting: { label: ['待审批', 'Waiting'], where: { state: { eq: 'waiting' } }, home: 'warning' } },
  },
  form: [
    section('move', ['调拨', 'Move'], [['budget_id', 'amount', 'state'], 'reason']),
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
      label: ['批准', 'Approve'],
      procedure: 'approve_budget_move',
      scope: 'record',
      roles: ['manager', 'reviewer', 'operator'],
      allow: { state: { eq: 'waiting' } },
      input: { decision_note: f.text({ label: ['审批意见', 'Note'], max: 200 }) },
    },
    refuse: {
      label: ['退回', 'Refuse'],
      procedure: 'refuse_budget_move',
      scope: 'record',
      roles: ['manager', 'reviewer', 'operator'],
      allow: { state: { eq: 'waiting' } },
      input: { decision_note: f.text({ label: ['审批意见', 'Note'], required: true, max: 200 }) },
    },
  },
});
