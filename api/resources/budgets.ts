import { createHash } from 'node:crypto';
import type { Field, Pair } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const ROLE_CHOICES = choices({
  administrator: ['系统管理员', 'Administrator'],
  operator: ['运营', 'Operator'],
  reviewer: ['审核', 'Reviewer'],
  customer_service: ['客服', 'Customer service'],
  manager: ['管理层', 'Manager'],
  analyst: ['分析师', 'Analyst'],
  viewer: ['只读', 'Viewer'],
});
const DIMENSIONS = choices({ segment: ['按客群', 'By segment'], cost_kind: ['按费用类别', 'By cost kind'] });
/** Once in force the split changes by moves only, which say why. */
const IN_FORCE = { status: { ne: 'draft' } } as const;
const BY_SEGMENT = { dimension: { eq: 'segment' } } as const;
const BY_KIND = { dimension: { eq: 'cost_kind' } } as const;

/** The number that names a segment for ever, as base.segments makes it. */
function segment(code: string): number {
  return Number.parseInt(createHash('sha256').update(`lifecycle.${code}`).digest('hex').slice(0, 12), 16);
}

/** What every line says: what is planned, and what became of it. */
const AMOUNTS = {
  share: f.rate({ label: ['占比', 'Share'], required: true, default: '0' }),
  amount: f.money({ label: ['金额', 'Amount'], required: true, default: '0.00', min: '0' }),
  reserved: f.money({ label: ['已预占', 'Reserved'], readonly: true }),
  committed: f.money({ label: ['已承诺', 'Committed'], readonly: true }),
  spent: f.money({ label: ['已支出', 'Spent'], readonly: true }),
  left_amount: f.money({ label: ['剩余', 'Left'], readonly: true }),
};

function lines(label: Pair, help: Pair, dimension: string, first: { [name: string]: Field }, rows: object[]) {
  return f.rows({
    label,
    help,
    required: true,
    table: 'app.budget_lines',
    by: 'budget_id',
    fixed: { dimension },
    max: 50,
    readonlyWhen: IN_FORCE,
    fields: { ...first, ...AMOUNTS },
    sums: [
      { field: 'share', equals: '1' },
      { field: 'amount', equals: { $field: 'total' }, weights: 'share' },
    ],
    default: rows.map((row) => ({ amount: '0.00', ...row })),
  });
}

export default resource('budgets', {
  label: ['预算', 'Budgets'],
  one: ['预算', 'budget'],
  group: 'budgets',
  order: 10,
  icon: 'wallet',
  view: 'base.budgets',
  title: ['name', 'name_en'],
  guard: 'guard_budgets',
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    kind: f.choice({
      label: ['预算类型', 'Kind'],
      required: true,
      default: 'period',
      choices: choices({ period: ['周期预算', 'For a period'], campaign: ['活动预算', 'For a campaign'] }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        draft: ['草稿', 'Draft'],
        active: ['执行中', 'In force'],
        closed: ['已关闭', 'Closed'],
      }),
    }),
    starts_on: f.date({ label: ['开始日期', 'Starts on'], requiredWhen: { kind: { eq: 'period' } } }),
    ends_on: f.date({ label: ['结束日期', 'Ends on'], requiredWhen: { kind: { eq: 'period' } } }),
    total: f.money({
      label: ['预算总额', 'Total'],
      required: true,
      min: '0.01',
      readonlyWhen: IN_FORCE,
      sum: true,
    }),
    owner_id: f.ref({ label: ['负责人', 'Owner'], to: 'users' }),
    note: f.longtext({ label: ['说明', 'Note'], max: 2000 }),
    segment_lines: lines(
      ['按客群分配', 'Split by segment'],
      ['没有列出的客群不能产生费用', 'A segment without a line can cost nothing'],
      'segment',
      {
        segment_id: f.ref({
          label: ['客群', 'Segment'],
          required: true,
          unique: true,
          to: 'segments',
          options: { in_force: { eq: true } },
        }),
      },
      [
        { segment_id: segment('new'), share: '0.2' },
        { segment_id: segment('active'), share: '0.5' },
        { segment_id: segment('dormant'), share: '0.3' },
        { segment_id: segment('other'), share: '0' },
      ],
    ),
    cost_lines: lines(
      ['按费用类别分配', 'Split by cost kind'],
      ['每笔费用同时计入客群和费用类别', 'Every cost counts in its segment and in its kind'],
      'cost_kind',
      {
        cost_kind: f.costKind({ required: true, unique: true }),
      },
      [
        { cost_kind: 'referral', share: '0.6' },
        { cost_kind: 'promotion', share: '0.2' },
        { cost_kind: 'technology', share: '0.15' },
        { cost_kind: 'contingency', share: '0.05' },
      ],
    ),
    warn_at: f.rate({
      label: ['预警线', 'Warn at'],
      required: true,
      default: '0.8',
      help: ['用到这个比例时提醒负责人', 'The owner is told when so much of a line is used'],
    }),
    stop_at: f.rate({ label: ['上限', 'Limit at'], required: true, default: '1' }),
    at_limit: f.choice({
      label: ['达到上限时', 'At the limit'],
      required: true,
      default: 'stop',
      choices: choices({ stop: ['停止发放', 'Stop granting'], warn: ['仅提醒', 'Warn only'] }),
    }),
    mover_roles: f.choices({
      label: ['可调拨的角色', 'May move money'],
      required: true,
      default: ['operator'],
      choices: ROLE_CHOICES,
    }),
    move_limit: f.money({
      label: ['自行调拨上限', 'Limit without consent'],
      required: true,
      min: '0',
      default: '5000.00',
      help: ['单次超过此金额须经审批', 'One move above it waits for consent'],
    }),
    approver_roles: f.choices({
      label: ['审批角色', 'Consent'],
      required: true,
      default: ['manager'],
      choices: ROLE_CHOICES,
    }),
    used_amount: f.money({
      label: ['已使用', 'Used'],
      readonly: true,
      sum: true,
      help: ['预占、承诺与支出之和', 'Reserved, committed and spent together'],
    }),
    left_amount: f.money({ label: ['剩余', 'Left'], readonly: true, sum: true }),
    used_rate: f.rate({ label: ['使用率', 'Used share'], readonly: true }),
    peak_rate: f.rate({
      label: ['最紧项目使用率', 'Used share of the tightest line'],
      readonly: true,
      help: ['各客群与费用类别中用得最多的一项', 'Of the segment or cost kind that is used most'],
    }),
    peak_segment_id: f.ref({
      label: ['最紧的客群', 'Tightest segment'],
      to: 'segments',
      readonly: true,
      showWhen: { peak_segment_id: { notNull: true } },
    }),
    peak_cost_kind: f.costKind({
      label: ['最紧的费用类别', 'Tightest cost kind'],
      readonly: true,
      showWhen: { peak_cost_kind: { notNull: true } },
    }),
    lasts_until: f.date({
      label: ['预计用完', 'Runs out'],
      readonly: true,
      help: [
        '按开始至今的平均速度，第一个项目达到上限的日子；期内够用则为空',
        'When the first line reaches the limit at the average pace so far; empty when it lasts for the period',
      ],
    }),
  },
  rules: [
    {
      name: 'ends_after_start',
      when: {
        or: [{ ends_on: { null: true } }, { starts_on: { null: true } }, { ends_on: { gte: { $field: 'starts_on' } } }],
      },
      field: 'ends_on',
      message: ['结束日期不能早于开始日期', 'It cannot end before it starts'],
    },
    {
      name: 'warn_before_stop',
      when: { warn_at: { lte: { $field: 'stop_at' } } },
      field: 'warn_at',
      message: ['预警线不能高于上限', 'The warning must not come after the limit'],
    },
    {
      name: 'warn_at_something',
      when: { warn_at: { gt: '0' } },
      field: 'warn_at',
      message: ['预警线须大于 0%', 'The warning must be above 0%'],
    },
  ],
  access: { operator: 'crudix', manager: 'crudix', reviewer: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'name',
      'kind',
      'status',
      'starts_on',
      'ends_on',
      'total',
      'used_amount',
      'left_amount',
      'used_rate',
      'lasts_until',
    ],
    sort: '-starts_on',
    scopes: {
      active: { label: ['执行中', 'In force'], where: { status: { eq: 'active' } } },
      near: {
        label: ['接近或已达上限', 'Near or at the limit'],
        where: { status: { eq: 'active' }, peak_rate: { gte: { $field: 'warn_at' } } },
        home: 'bad',
      },
      // Whoever answers for a budget is told at their first look at the console.
      mine: {
        label: ['您负责的，接近或已达上限', 'Yours, near or at the limit'],
        where: { status: { eq: 'active' }, owner_id: { eq: '$me' }, peak_rate: { gte: { $field: 'warn_at' } } },
        home: 'bad',
      },
      drafts: { label: ['草稿', 'Drafts'], where: { status: { eq: 'draft' } } },
    },
    tones: {
      over: {
        label: ['已达上限', 'At the limit'],
        tone: 'bad',
        where: { status: { eq: 'active' }, peak_rate: { gte: { $field: 'stop_at' } } },
      },
      near: {
        label: ['接近上限', 'Near the limit'],
        tone: 'warning',
        where: { status: { eq: 'active' }, peak_rate: { gte: { $field: 'warn_at' } } },
      },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'kind', 'status'], ['starts_on', 'ends_on'], ['total', 'owner_id'], 'note'],
    ),
    section('segments', ['按客群分配', 'Split by segment'], ['segment_lines']),
    section('kinds', ['按费用类别分配', 'Split by cost kind'], ['cost_lines']),
    section('limits', ['预警与上限', 'Warning and limit'], [['warn_at', 'stop_at', 'at_limit']]),
    section('moves', ['调拨权限', 'Moving money'], [['mover_roles', 'move_limit', 'approver_roles']]),
    section(
      'use',
      ['使用情况', 'Use'],
      [
        ['used_amount', 'left_amount', 'used_rate'],
        ['peak_segment_id', 'peak_cost_kind', 'peak_rate', 'lasts_until'],
      ],
    ),
  ],
  actions: {
    activate: {
      label: ['启用', 'Put in force'],
      procedure: 'activate_budget',
      scope: 'record',
      roles: ['manager', 'operator'],
      allow: { status: { eq: 'draft' } },
      confirm: [
        '启用后不能再直接修改额度，只能写明原因后调拨。确定启用吗？',
        'Once in force its amounts change only by moves that say why. Put it in force?',
      ],
    },
    move: {
      label: ['调拨', 'Move money'],
      procedure: 'move_budget_money',
      scope: 'record',
      roles: ['operator', 'manager', 'reviewer', 'customer_service', 'analyst'],
      allow: { status: { eq: 'active' } },
      input: {
        dimension: f.choice({
          label: ['调拨范围', 'Between'],
          required: true,
          default: 'segment',
          choices: DIMENSIONS,
        }),
        from_segment_id: f.ref({
          label: ['转出客群', 'From'],
          to: 'segments',
          required: true,
          showWhen: BY_SEGMENT,
          whenHidden: 'clear',
        }),
        to_segment_id: f.ref({
          label: ['转入客群', 'To'],
          to: 'segments',
          required: true,
          showWhen: BY_SEGMENT,
          whenHidden: 'clear',
        }),
        from_cost_kind: f.costKind({
          label: ['转出类别', 'From'],
          required: true,
          showWhen: BY_KIND,
          whenHidden: 'clear',
        }),
        to_cost_kind: f.costKind({
          label: ['转入类别', 'To'],
          required: true,
          showWhen: BY_KIND,
          whenHidden: 'clear',
        }),
        amount: f.money({ label: ['金额', 'Amount'], required: true, min: '0.01' }),
        reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }),
      },
    },
    enter_cost: {
      label: ['录入费用', 'Enter a cost'],
      procedure: 'enter_budget_cost',
      scope: 'record',
      roles: ['operator', 'manager'],
      allow: { status: { eq: 'active' } },
      input: {
        segment_id: f.ref({ label: ['客群', 'Segment'], to: 'segments', required: true }),
        cost_kind: f.costKind({ required: true }),
        amount: f.money({ label: ['金额', 'Amount'], required: true, min: '0.01' }),
        spent_on: f.date({
          label: ['发生日期', 'On'],
          help: ['留空为今天', 'Today when left empty'],
        }),
        document: f.text({
          label: ['单据号', 'Document'],
          required: true,
          max: 60,
          help: ['发票、合同或付款单的编号', 'Number of the invoice, contract or payment'],
        }),
        note: f.text({ label: ['说明', 'Note'], required: true, max: 200 }),
      },
    },
    reverse_cost: {
      label: ['冲销费用', 'Take back a cost'],
      procedure: 'reverse_budget_cost',
      scope: 'record',
      roles: ['operator', 'manager'],
      allow: { status: { eq: 'active' } },
      input: {
        posting_id: f.ref({
          label: ['已录入的费用', 'Cost that was entered'],
          to: 'budget_postings',
          required: true,
          options: { can_reverse: { eq: true } },
        }),
        reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }),
      },
    },
    close: {
      label: ['关闭', 'Close'],
      procedure: 'close_budget',
      scope: 'record',
      roles: ['manager'],
      allow: { status: { eq: 'active' } },
      confirm: [
        '关闭后不能再产生费用，等待审批的调拨会被退回。确定关闭吗？',
        'Nothing can be spent from it then, and moves that wait are refused. Close it?',
      ],
    },
  },
  children: [
    { resource: 'budget_postings', field: 'budget_id' },
    { resource: 'budget_moves', field: 'budget_id' },
  ],
});
