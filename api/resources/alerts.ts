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
const LOUD: Predicate = { and: [{ is_open: { eq: true } }, { is_snoozed: { eq: false } }] };
const QUIET: Predicate = { is_snoozed: { eq: true } };
/** A report's alerts are for those who may read the report. */
const READERS = ROLES.filter((role) => role !== 'administrator');

export default resource('alerts', {
  label: ['提醒', 'Alerts'],
  one: ['提醒', 'alert'],
  group: 'reports',
  order: 10,
  icon: 'warning',
  view: 'base.alerts',
  title: ['name', 'name_en'],
  // The rules stand in report files and metric targets; jobs judge them.
  offers: 'rx',
  head: true,
  fields: {
    name: f.text({ label: ['提醒', 'Alert'], readonly: true, search: true }),
    name_en: f.text({ label: ['提醒（英文）', 'Alert (English)'], readonly: true, search: true }),
    state: f.choice({ label: ['状态', 'State'], readonly: true, choices: STATES }),
    severity: f.integer({
      label: ['严重程度', 'Severity'],
      readonly: true,
      left_out: ['form'],
      help: ['1 最严重', '1 is the worst'],
    }),
    is_open: f.boolean({ label: ['未恢复', 'Open'], readonly: true, left_out: ['form'] }),
    is_snoozed: f.boolean({ label: ['静音中', 'Quiet'], readonly: true, left_out: ['form'] }),
    since_at: f.datetime({ label: ['开始于', 'Since'], readonly: true }),
    bucket_on: f.date({ label: ['周期', 'Period'], readonly: true }),
    value_text: f.text({
      label: ['当前数值', 'Value'],
      readonly: true,
      help: ['最近一个完整周期', 'Of the last whole period'],
    }),
    threshold_text: f.text({ label: ['提醒界限', 'Threshold'], readonly: true }),
    failure: f.text({ label: ['出错原因', 'What failed'], readonly: true, showWhen: { failure: { notNull: true } } }),
    report: f.text({ label: ['报表', 'Report'], readonly: true, left_out: ['form'], search: true }),
    metric: f.text({ label: ['指标编码', 'Metric code'], readonly: true, left_out: ['form'], search: true }),
    area: f.text({ label: ['分类', 'Area'], readonly: true, left_out: ['form'] }),
    owner: f.text({ label: ['责任方', 'Owner'], readonly: true, left_out: ['form'] }),
    owner_id: f.ref({ label: ['责任人', 'Person'], to: 'users', readonly: true }),
    snoozed_until_on: f.date({ label: ['静音至', 'Quiet until'], readonly: true, showWhen: QUIET }),
    snooze_reason: f.text({ label: ['静音原因', 'Why quiet'], readonly: true, showWhen: QUIET }),
    snoozed_by: f.ref({ label: ['由谁静音', 'Kept quiet by'], to: 'users', readonly: true, showWhen: QUIET }),
    judged_at: f.datetime({ label: ['最近检查', 'Last looked at'], readonly: true }),
    roles: f.choices({
      label: ['谁能看到', 'Who may see it'],
      readonly: true,
      choices: choices({
        administrator: ['管理员', 'Administrator'],
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        customer_service: ['客服', 'Customer service'],
        manager: ['管理层', 'Manager'],
        analyst: ['分析师', 'Analyst'],
        viewer: ['只读', 'Viewer'],
      }),
    }),
  },
  access: { operator: 'rx', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  rows: Object.fromEntries(READERS.map((role) => [role, { roles: { has: role } }])) as { [role in Role]?: Predicate },
  list: {
    columns: ['name', 'state', 'since_at', 'value_text', 'threshold_text', 'bucket_on', 'owner_id', 'snoozed_until_on'],
    sort: 'severity',
    scopes: {
      open: { label: ['未恢复', 'Open'], where: LOUD, home: 'bad' },
      mine: { label: ['我负责的', 'Mine'], where: { and: [LOUD, { owner_id: { eq: '$me' } }] } },
      snoozed: { label: ['静音中', 'Quiet'], where: { is_snoozed: { eq: true } } },
      pending: { label: ['观察中', 'Pending'], where: { state: { eq: 'pending' } } },
    },
    tones: {
      quiet: { label: ['静音中', 'Quiet'], tone: 'quiet', where: { is_snoozed: { eq: true } } },
      bad: { label: ['异常', 'Bad'], tone: 'bad', where: { state: { in: ['bad', 'error'] } } },
      warn: { label: ['需要关注', 'Warning'], tone: 'warning', where: { state: { in: ['warn', 'no_data'] } } },
    },
  },
  form: [
    section(
      'standing',
      ['目前情况', 'How it stands'],
      [
        ['state', 'since_at', 'judged_at'],
        ['value_text', 'threshold_text', 'bucket_on'],
        'failure',
        ['snoozed_until_on', 'snooze_reason', 'snoozed_by'],
      ],
    ),
    section('people', ['责任与可见范围', 'Who looks after it'], [['owner_id', 'roles']]),
  ],
  children: [{ resource: 'alert_changes', field: 'alert_id' }],
  actions: {
    snooze: {
      label: ['静音', 'Keep quiet'],
      procedure: 'snooze_alert',
      scope: ['record', 'bulk'],
      roles: ['operator', 'manager', 'analyst'],
      input: {
        until_on: f.date({
          label: ['静音至', 'Quiet until'],
          required: true,
          help: ['到这一天仍未恢复会再次通知', 'Who subscribed is told again on that day if it still holds'],
        }),
        reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }),
      },
    },
    wake: {
      label: ['取消静音', 'Let it speak'],
      procedure: 'wake_alert',
      scope: ['record', 'bulk'],
      roles: ['operator', 'manager', 'analyst'],
      allow: { is_snoozed: { eq: true } },
    },
  },
});
