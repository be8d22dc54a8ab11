import { choices, f, resource, section } from '../definition.ts';
import { metricChoices } from '../report/metric-choices.ts';

const CLOSED = { status: { ne: 'open' } } as const;

export default resource('retrospective_actions', {
  label: ['复盘行动', 'Retrospective actions'],
  one: ['复盘行动', 'action'],
  group: 'reports',
  order: 15,
  icon: 'list',
  view: 'base.retrospective_actions',
  title: 'decision',
  fields: {
    decision: f.text({ label: ['决定', 'Decision'], required: true, max: 300, search: true }),
    month_on: f.date({
      label: ['复盘月份', 'Retrospective of'],
      required: true,
      help: ['所复盘月份的 1 日', 'The first day of that month'],
    }),
    owner_id: f.ref({ label: ['责任人', 'Owner'], to: 'users', required: true }),
    due_on: f.date({ label: ['截止日期', 'Due on'], required: true }),
    metric: f.choice({
      label: ['预期改善的指标', 'Metric to move'],
      choices: metricChoices(),
      help: ['下次复盘时与它的变化一起看', 'Read beside how it moved in the next retrospective'],
    }),
    campaign_id: f.ref({
      label: ['落实为活动', 'Became campaign'],
      to: 'campaigns',
      help: ['决定变成了哪个活动', 'The campaign that the decision became'],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'open',
      choices: choices({ open: ['进行中', 'Open'], done: ['已完成', 'Done'], dropped: ['已放弃', 'Dropped'] }),
    }),
    closed_on: f.date({
      label: ['完成日期', 'Closed on'],
      showWhen: CLOSED,
      whenHidden: 'clear',
      requiredWhen: CLOSED,
    }),
    outcome: f.longtext({ label: ['结果', 'Outcome'], max: 1000, showWhen: CLOSED, whenHidden: 'clear' }),
    late: f.boolean({ label: ['已逾期', 'Late'], readonly: true }),
  },
  rules: [
    {
      name: 'due_after_month',
      when: { due_on: { gte: { $field: 'month_on' } } },
      field: 'due_on',
      message: ['截止日期不能早于复盘月份', 'It cannot be due before the month that it is decided for'],
    },
  ],
  guard: 'guard_retrospective_actions',
  access: { manager: 'crudix', analyst: 'crudx', operator: 'crudx', reviewer: 'r', viewer: 'r' },
  list: {
    columns: ['decision', 'month_on', 'owner_id', 'due_on', 'metric', 'status'],
    sort: 'due_on',
    scopes: {
      open: { label: ['进行中', 'Open'], where: { status: { eq: 'open' } } },
      late: { label: ['已逾期', 'Late'], where: { late: { eq: true } }, home: 'warning' },
      mine: { label: ['我负责的', 'Mine'], where: { owner_id: { eq: '$me' } } },
    },
    tones: {
      late: { label: ['已逾期', 'Late'], tone: 'bad', where: { late: { eq: true } } },
      done: { label: ['已完成', 'Done'], tone: 'good', where: { status: { eq: 'done' } } },
    },
  },
  form: [
    section(
      'action',
      ['行动', 'Action'],
      ['decision', ['month_on', 'owner_id', 'due_on'], ['metric', 'campaign_id'], ['status', 'closed_on'], 'outcome'],
    ),
  ],
});
