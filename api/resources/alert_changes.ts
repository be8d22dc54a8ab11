import { type Predicate, ROLES, type Role } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const STATES = choices({
  bad: ['异常', 'Bad'],
  error: ['无法计算', 'Cannot be computed'],
  warn: ['需要关注', 'Warning'],
  no_data: ['没有数据', 'No data'],
  pending: ['观察中', 'Pending'],
  ok: ['正常', 'In order'],
});
const READERS = ROLES.filter((role) => role !== 'administrator');

export default resource('alert_changes', {
  label: ['提醒记录', 'Course of alerts'],
  one: ['提醒记录', 'change'],
  group: 'reports',
  order: 12,
  icon: 'history',
  view: 'base.alert_changes',
  title: 'happened_at',
  offers: 'rx',
  fields: {
    alert_id: f.ref({ label: ['提醒', 'Alert'], to: 'alerts', readonly: true }),
    happened_at: f.datetime({ label: ['时间', 'At'], readonly: true }),
    from_state: f.choice({ label: ['之前', 'Before'], readonly: true, choices: STATES }),
    state: f.choice({ label: ['状态', 'State'], readonly: true, choices: STATES }),
    bucket_on: f.date({ label: ['周期', 'Period'], readonly: true }),
    value_text: f.text({ label: ['数值', 'Value'], readonly: true }),
    threshold_text: f.text({ label: ['阈值', 'Threshold'], readonly: true }),
    notice: f.choice({
      label: ['通知', 'Told'],
      readonly: true,
      choices: choices({
        bad: ['异常', 'Bad'],
        error: ['无法计算', 'Cannot be computed'],
        warn: ['需要关注', 'Warning'],
        no_data: ['没有数据', 'No data'],
        recovered: ['已恢复', 'Recovered'],
      }),
    }),
    action: f.choice({
      label: ['操作', 'Done'],
      readonly: true,
      choices: choices({ snoozed: ['静音', 'Kept quiet'], woken: ['取消静音', 'Let speak'] }),
    }),
    user_id: f.ref({ label: ['操作人', 'By'], to: 'users', readonly: true }),
    note: f.text({ label: ['说明', 'Note'], readonly: true }),
    roles: f.choices({
      label: ['可见角色', 'Readers'],
      readonly: true,
      choices: Object.fromEntries(ROLES.map((role) => [role, [role, role] as const])),
    }),
  },
  access: { operator: 'rx', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  rows: Object.fromEntries(READERS.map((role) => [role, { roles: { has: role } }])) as { [role in Role]?: Predicate },
  list: {
    columns: [
      'happened_at',
      'alert_id',
      'from_state',
      'state',
      'value_text',
      'threshold_text',
      'notice',
      'action',
      'user_id',
      'note',
    ],
    sort: '-id',
    scopes: { told: { label: ['已通知', 'Told'], where: { not: { notice: { null: true } } } } },
  },
  form: [
    section(
      'change',
      ['变化', 'Change'],
      [
        ['alert_id', 'happened_at'],
        ['from_state', 'state', 'notice'],
        ['bucket_on', 'value_text', 'threshold_text'],
        ['action', 'user_id', 'note'],
      ],
    ),
  ],
});
