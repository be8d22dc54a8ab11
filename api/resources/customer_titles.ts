import { choices, f, resource, section } from '../definition.ts';

export default resource('customer_titles', {
  label: ['客户头衔', 'Titles of customers'],
  one: ['客户头衔', 'title'],
  group: 'points',
  order: 44,
  icon: 'star',
  view: 'base.customer_titles',
  title: ['name', 'name_en'],
  // Given by tasks, and on the page of the customer.
  offers: 'rx',
  fields: {
    name: f.text({ label: ['名称', 'Name'], readonly: true, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    title_id: f.ref({ label: ['头衔', 'Title'], to: 'titles', readonly: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      readonly: true,
      choices: choices({ title: ['头衔', 'Title'], badge: ['徽章', 'Badge'] }),
    }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({ held: ['有效', 'Held'], ended: ['已到期', 'Ended'], revoked: ['已撤销', 'Revoked'] }),
    }),
    granted_at: f.datetime({ label: ['授予时间', 'Given at'], readonly: true }),
    until_at: f.datetime({ label: ['有效至', 'Until'], readonly: true }),
    reason: f.text({ label: ['授予原因', 'Why'], readonly: true }),
    given_for: f.choice({
      label: ['授予方式', 'Given by way of'],
      readonly: true,
      choices: choices({ staff: ['人工授予', 'Staff'], task: ['完成任务', 'A task'], other: ['其他', 'Other'] }),
    }),
    source: f.text({ label: ['来源', 'Source'], readonly: true, left_out: ['form'] }),
    granted_by: f.ref({ label: ['授予人', 'Given by'], to: 'users', readonly: true }),
    revoked_at: f.datetime({ label: ['撤销时间', 'Revoked at'], readonly: true }),
    revoked_by: f.ref({ label: ['撤销人', 'Revoked by'], to: 'users', readonly: true }),
    revoke_reason: f.text({ label: ['撤销原因', 'Why revoked'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'title_id', 'kind', 'granted_at', 'until_at', 'reason', 'state'],
    sort: '-granted_at',
    scopes: {
      held: { label: ['有效', 'Held'], where: { state: { eq: 'held' } } },
      ended: { label: ['已到期', 'Ended'], where: { state: { eq: 'ended' } } },
      revoked: { label: ['已撤销', 'Revoked'], where: { state: { eq: 'revoked' } } },
    },
    tones: { over: { label: ['已失效', 'Over'], tone: 'quiet', where: { state: { in: ['ended', 'revoked'] } } } },
  },
  form: [
    section(
      'title',
      ['头衔', 'Title'],
      [['customer_id', 'title_id', 'state'], ['kind', 'granted_at', 'until_at'], ['given_for', 'granted_by'], 'reason'],
    ),
    section('revoked', ['撤销', 'Revoked'], [['revoked_at', 'revoked_by'], 'revoke_reason']),
  ],
  actions: {
    revoke: {
      label: ['撤销', 'Revoke'],
      procedure: 'revoke_title',
      scope: 'record',
      roles: ['operator'],
      allow: { state: { eq: 'held' } },
      input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }) },
      confirm: [
        '撤销后客户不再拥有此头衔，记录保留。',
        'The customer no longer has it; that they had stays on record.',
      ],
    },
  },
});
