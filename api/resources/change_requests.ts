import { choices, f, resource, section } from '../definition.ts';

/** Who may consent where a resource does not say so itself. */
const CONSENT = ['reviewer', 'manager'] as const;
const AUTHORS = ['operator', 'reviewer', 'customer_service', 'manager', 'analyst'] as const;

export default resource('change_requests', {
  label: ['变更申请', 'Change requests'],
  one: ['变更申请', 'change request'],
  group: 'approvals',
  icon: 'check',
  title: 'title',
  // Proposed from the record that is to change, and moved on by the actions.
  offers: 'r',
  diff: true,
  by_token: false,
  fields: {
    title: f.text({ label: ['变更对象', 'Record'], readonly: true, search: true }),
    resource: f.choice({ label: ['类型', 'Kind'], readonly: true, choices: {}, choices_from: 'resources' }),
    record_id: f.integer({ label: ['记录编号', 'Record no.'], plain: true, readonly: true }),
    action: f.choice({
      label: ['变更方式', 'Change'],
      readonly: true,
      choices: choices({
        create: ['新建', 'Create'],
        update: ['修改', 'Edit'],
        delete: ['删除', 'Delete'],
        restore: ['恢复', 'Restore'],
        action: ['专用操作', 'Action'],
      }),
    }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        draft: ['草稿', 'Draft'],
        in_review: ['待审批', 'In review'],
        approved: ['待生效', 'Scheduled'],
        applied: ['已生效', 'Applied'],
        rejected: ['已驳回', 'Rejected'],
        withdrawn: ['已撤回', 'Withdrawn'],
        failed: ['生效失败', 'Failed'],
      }),
    }),
    needs_consent: f.boolean({
      label: ['需要审批', 'Needs consent'],
      readonly: true,
      help: ['须由申请人以外的人批准', 'Somebody other than the author must agree'],
    }),
    effective_at: f.datetime({
      label: ['生效时间', 'Takes effect'],
      readonly: true,
      help: ['留空表示批准后立即生效', 'At once when approved, where empty'],
    }),
    note: f.longtext({ label: ['变更说明', 'Note'], readonly: true }),
    created_by: f.ref({ label: ['申请人', 'Author'], to: 'users', readonly: true }),
    created_at: f.datetime({ label: ['创建时间', 'Created at'], readonly: true }),
    submitted_at: f.datetime({ label: ['提交时间', 'Submitted at'], readonly: true }),
    decided_by: f.ref({ label: ['审批人', 'Decided by'], to: 'users', readonly: true }),
    decided_at: f.datetime({ label: ['审批时间', 'Decided at'], readonly: true }),
    decision_note: f.longtext({ label: ['审批意见', 'Decision'], readonly: true }),
    applied_at: f.datetime({ label: ['实际生效时间', 'Applied at'], readonly: true }),
    problem: f.text({ label: ['未能生效的原因', 'Why it failed'], readonly: true }),
    reverts_id: f.ref({ label: ['回滚自', 'Takes back'], to: 'change_requests', readonly: true }),
  },
  access: { operator: 'r', reviewer: 'r', manager: 'r', customer_service: 'r', analyst: 'r' },
  list: {
    columns: ['title', 'resource', 'action', 'state', 'effective_at', 'created_by', 'created_at', 'decided_by'],
    sort: '-id',
    scopes: {
      in_review: { label: ['待审批', 'In review'], where: { state: { eq: 'in_review' } }, home: 'warning' },
      mine: { label: ['我提交的', 'Mine'], where: { created_by: { eq: '$me' } } },
      scheduled: { label: ['待生效', 'Scheduled'], where: { state: { eq: 'approved' } } },
      failed: { label: ['生效失败', 'Failed'], where: { state: { eq: 'failed' } }, home: 'bad' },
    },
  },
  form: [
    section(
      'change',
      ['变更', 'Change'],
      [['resource', 'action', 'state', 'record_id'], ['effective_at', 'needs_consent'], 'note'],
    ),
    section(
      'course',
      ['进度', 'Course'],
      [
        ['created_by', 'created_at', 'submitted_at'],
        ['decided_by', 'decided_at', 'applied_at', 'reverts_id'],
        'decision_note',
        'problem',
      ],
    ),
  ],
  actions: {
    approve: {
      label: ['批准', 'Approve'],
      handler: 'approve_change',
      scope: 'record',
      roles: CONSENT,
      allow: { and: [{ state: { eq: 'in_review' } }, { not: { created_by: { eq: '$me' } } }] },
      input: { decision_note: f.longtext({ label: ['审批意见', 'Decision'], max: 1000 }) },
    },
    reject: {
      label: ['驳回', 'Reject'],
      handler: 'reject_change',
      scope: 'record',
      roles: CONSENT,
      allow: { and: [{ state: { eq: 'in_review' } }, { not: { created_by: { eq: '$me' } } }] },
      input: { decision_note: f.longtext({ label: ['驳回原因', 'Why'], max: 1000, required: true }) },
    },
    submit: {
      label: ['提交', 'Submit'],
      handler: 'submit_change',
      scope: 'record',
      roles: AUTHORS,
      allow: { state: { in: ['draft', 'failed'] }, created_by: { eq: '$me' } },
    },
    withdraw: {
      label: ['撤回', 'Withdraw'],
      handler: 'withdraw_change',
      scope: 'record',
      roles: AUTHORS,
      allow: { state: { in: ['draft', 'in_review', 'approved', 'failed'] }, created_by: { eq: '$me' } },
      confirm: ['撤回后此变更不会生效。确定撤回吗？', 'The change will not take effect. Withdraw it?'],
    },
    take_back: {
      label: ['回滚', 'Roll back'],
      handler: 'take_back_change',
      scope: 'record',
      roles: AUTHORS,
      allow: { state: { eq: 'applied' }, action: { eq: 'update' } },
      confirm: [
        '将按相反方向提出一次新的变更，需要审批的仍须审批。',
        'A new change in the opposite direction is proposed; where consent is needed, it is needed again.',
      ],
    },
  },
});
