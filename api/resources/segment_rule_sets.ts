import { choices, f, resource, section } from '../definition.ts';

export default resource('segment_rule_sets', {
  label: ['客群规则集', 'Segment rule sets'],
  one: ['客群规则集', 'rule set'],
  group: 'segments',
  order: 10,
  icon: 'cluster',
  view: 'base.segment_rule_sets',
  title: ['name', 'name_en'],
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 40, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 40, search: true }),
    version_in_force: f.integer({ label: ['当前版本', 'Version in force'], readonly: true }),
    in_force_since: f.date({ label: ['生效自', 'In force since'], readonly: true }),
    computed_on: f.date({ label: ['最近计算日', 'Computed for'], readonly: true }),
    customer_count: f.integer({ label: ['客户数', 'Customers'], readonly: true }),
    covered_rate: f.rate({
      label: ['规则覆盖率', 'Covered'],
      readonly: true,
      help: ['未落入“其他”的客户占比', 'Share of customers that are not in "Other"'],
    }),
    waiting_days: f.integer({
      label: ['待计算天数', 'Days to compute'],
      readonly: true,
      help: ['规则或订单变动后待重算，或申请补算的日期', 'Days to be computed again, or asked for'],
    }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'code', 'version_in_force', 'in_force_since', 'computed_on', 'customer_count', 'covered_rate'],
    sort: 'id',
  },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], 'code']),
    section(
      'state',
      ['运行情况', 'State'],
      [
        ['version_in_force', 'in_force_since'],
        ['computed_on', 'customer_count', 'covered_rate', 'waiting_days'],
      ],
    ),
  ],
  actions: {
    new_version: {
      label: ['新建版本', 'New version'],
      procedure: 'new_segment_rule_set_version',
      scope: 'record',
      roles: ['operator'],
      input: { note: f.text({ label: ['版本说明', 'Note'], max: 200 }) },
    },
    compute_history: {
      label: ['补算历史', 'Compute history'],
      procedure: 'request_segment_history',
      scope: 'record',
      roles: ['operator', 'analyst'],
      allow: { version_in_force: { notNull: true } },
      input: {
        from_on: f.date({
          label: ['开始日期', 'From'],
          help: ['留空则从首个订单日之后开始', 'The day after the first order when left empty'],
        }),
        to_on: f.date({ label: ['结束日期', 'To'], help: ['留空则为今天', 'Today when left empty'] }),
        step: f.choice({
          label: ['间隔', 'Every'],
          required: true,
          default: 'week',
          choices: choices({ day: ['每天', 'Day'], week: ['每周', 'Week'], month: ['每月', 'Month'] }),
        }),
      },
    },
  },
  children: [{ resource: 'segment_rule_set_versions', field: 'rule_set_id' }],
});
