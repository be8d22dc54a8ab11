import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const PER_AMOUNT: Predicate = { effect: { eq: 'per_amount' } };
const GIVES: Predicate = { effect: { in: ['per_amount', 'fixed'] } };
const MULTIPLIES: Predicate = { effect: { eq: 'multiply' } };
const ORDERS: Predicate = { trigger: { eq: 'order' } };
const COSTS: Predicate = { account: { eq: 'points' }, effect: { in: ['per_amount', 'fixed'] } };
const unless = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });

export default resource('earn_rules', {
  label: ['积分规则', 'Earn rules'],
  one: ['积分规则', 'earn rule'],
  group: 'programme',
  order: 12,
  icon: 'star',
  title: ['name', 'name_en'],
  guard: 'guard_earn_rules',
  impact: true,
  tried: { on: { status: 'active' }, off: { status: 'paused' } },
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({
        draft: ['草稿', 'Draft'],
        active: ['启用', 'Active'],
        paused: ['暂停', 'Paused'],
        retired: ['已停用', 'Retired'],
      }),
      help: ['只影响保存之后发生的订单与行为', 'Concerns what happens after it is saved'],
    }),
    account: f.choice({
      label: ['发放', 'Gives'],
      required: true,
      default: 'points',
      frozen: true,
      choices: choices({ points: ['积分', 'Points'], growth: ['成长值', 'Growth value'] }),
    }),
    trigger: f.choice({
      label: ['触发', 'When'],
      required: true,
      default: 'order',
      choices: choices({
        order: ['订单付款', 'An order is paid'],
        sign_up: ['入会', 'Somebody enrols'],
        check_in: ['签到', 'Somebody checks in'],
        share: ['分享', 'Somebody shares'],
        review: ['评价', 'Something is reviewed'],
        task_action: ['任务动作', 'A task is done'],
      }),
    }),
    condition: f.predicate({
      label: ['条件', 'Condition'],
      context: 'earn_fact',
      help: ['不填则始终适用', 'It always applies when left empty'],
    }),
    effect: f.choice({
      label: ['效果', 'Effect'],
      required: true,
      default: 'per_amount',
      choices: choices({
        per_amount: ['按金额', 'By amount'],
        fixed: ['固定数额', 'A fixed number'],
        multiply: ['翻倍', 'Multiplies the others'],
      }),
    }),
    points: f.points({
      label: ['数额', 'Points'],
      min: 1,
      max: 1_000_000,
      requiredWhen: GIVES,
      showWhen: GIVES,
      whenHidden: 'clear',
    }),
    per_amount: f.money({
      label: ['每消费', 'For each'],
      min: '0.01',
      requiredWhen: PER_AMOUNT,
      showWhen: PER_AMOUNT,
      whenHidden: 'clear',
      help: ['每满这一金额按比例发放，总数向下取整', 'In proportion to it, the total rounded down'],
    }),
    factor: f.decimal({
      label: ['倍数', 'Factor'],
      scale: 2,
      min: '1.01',
      max: '100',
      requiredWhen: MULTIPLIES,
      showWhen: MULTIPLIES,
      whenHidden: 'clear',
      help: ['多条翻倍规则同时适用时，超出 1 的部分相加', 'Where several apply, what they exceed one by is added up'],
    }),
    scope: f.choice({
      label: ['商品范围', 'Goods'],
      required: true,
      default: 'all',
      showWhen: ORDERS,
      whenHidden: 'keep',
      choices: choices({
        all: ['全部商品', 'All goods'],
        categories: ['指定品类', 'Categories'],
        products: ['指定商品', 'Products'],
      }),
    }),
    categories: f.tags({
      label: ['品类', 'Categories'],
      showWhen: { scope: { eq: 'categories' } },
      requiredWhen: { scope: { eq: 'categories' } },
      whenHidden: 'clear',
    }),
    products: f.refs({
      label: ['商品', 'Products'],
      to: 'products',
      showWhen: { scope: { eq: 'products' } },
      requiredWhen: { scope: { eq: 'products' } },
      whenHidden: 'clear',
      max: 200,
    }),
    starts_at: f.datetime({ label: ['开始时间', 'Starts at'] }),
    ends_at: f.datetime({ label: ['结束时间', 'Ends at'] }),
    weekdays: f.weekdays({ help: ['不选则每天', 'Every day when none is chosen'] }),
    from_hour: f.integer({ label: ['每天从（时）', 'From hour'], min: 0, max: 23 }),
    until_hour: f.integer({ label: ['到（时）', 'Until hour'], min: 1, max: 24 }),
    stacking: f.choice({
      label: ['叠加', 'Stacking'],
      required: true,
      default: 'stack',
      choices: choices({ stack: ['可叠加', 'Adds up'], exclusive: ['同组只取一条', 'One of its group'] }),
    }),
    stack_group: f.text({
      label: ['互斥组', 'Group'],
      max: 40,
      pattern: '^[a-z][a-z0-9_]*$',
      showWhen: { stacking: { eq: 'exclusive' } },
      requiredWhen: { stacking: { eq: 'exclusive' } },
      whenHidden: 'clear',
    }),
    priority: f.integer({
      label: ['优先级', 'Priority'],
      required: true,
      default: 100,
      min: 0,
      max: 1_000_000,
      help: ['同组中数字最小的生效', 'The lowest number of a group applies'],
    }),
    max_per_fact: f.points({ label: ['单笔上限', 'At most per order'], min: 1, showWhen: GIVES, whenHidden: 'clear' }),
    max_per_day: f.points({
      label: ['每人每天上限', 'Per customer and day'],
      min: 1,
      showWhen: GIVES,
      whenHidden: 'clear',
    }),
    max_per_customer: f.points({
      label: ['每人累计上限', 'Per customer in all'],
      min: 1,
      showWhen: GIVES,
      whenHidden: 'clear',
    }),
    pending_days: f.integer({
      label: ['待生效天数', 'Pending days'],
      required: true,
      default: 0,
      min: 0,
      max: 366,
      showWhen: { account: { eq: 'points' } },
      whenHidden: 'keep',
      help: ['到期当天零点起可用，0 为立即可用', 'Available from that midnight on; at once when 0'],
    }),
    expiry_months: f.integer({
      label: ['有效月数', 'Valid for months'],
      min: 1,
      max: 120,
      showWhen: { account: { eq: 'points' } },
      whenHidden: 'clear',
      help: ['不填则按积分政策', 'As the points policy says when left empty'],
    }),
    campaign_id: f.ref({
      label: ['所属活动', 'Campaign'],
      to: 'campaigns',
      help: [
        '只在该活动进行期间适用于其受众，对照组除外',
        'It applies while the campaign runs, to those it is for, but not to its holdout',
      ],
    }),
    budget_id: f.ref({
      label: ['计入预算', 'Charged to'],
      to: 'budgets',
      showWhen: COSTS,
      whenHidden: 'clear',
      help: [
        '预算没有余额时不再发放；不填则用所属活动的预算，没有所属活动时不受预算限制',
        'Nothing is given when it has no room. Empty: the budget of the campaign; without one no budget is asked',
      ],
    }),
    cost_kind: f.costKind({
      required: true,
      default: 'promotion',
      showWhen: COSTS,
      whenHidden: 'keep',
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'amount_needs_order',
      when: unless(PER_AMOUNT, ORDERS),
      field: 'effect',
      message: ['按金额发放只适用于订单', 'Only orders have an amount'],
    },
    {
      name: 'ends_after_starts',
      when: unless(
        { starts_at: { notNull: true }, ends_at: { notNull: true } },
        { ends_at: { gt: { $field: 'starts_at' } } },
      ),
      field: 'ends_at',
      message: ['结束时间须晚于开始时间', 'It must end after it starts'],
    },
    {
      name: 'hours_in_order',
      when: unless(
        { from_hour: { notNull: true }, until_hour: { notNull: true } },
        { until_hour: { gt: { $field: 'from_hour' } } },
      ),
      field: 'until_hour',
      message: ['须晚于开始的钟点', 'It must be later than the first hour'],
    },
  ],
  access: { operator: 'crudx', manager: 'rux', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'account', 'trigger', 'effect', 'points', 'per_amount', 'factor', 'status', 'ends_at'],
    sort: 'priority',
    scopes: {
      active: { label: ['启用', 'Active'], where: { status: { eq: 'active' } } },
      points: { label: ['积分', 'Points'], where: { account: { eq: 'points' } } },
      growth: { label: ['成长值', 'Growth value'], where: { account: { eq: 'growth' } } },
      unfunded: {
        label: ['未计入预算', 'Charged to no budget'],
        where: {
          status: { eq: 'active' },
          account: { eq: 'points' },
          effect: { ne: 'multiply' },
          budget_id: { null: true },
          campaign_id: { null: true },
        },
      },
    },
    tones: {
      retired: { label: ['未启用', 'Not active'], tone: 'quiet', where: { status: { in: ['paused', 'retired'] } } },
    },
  },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], ['code', 'account', 'status'], 'description']),
    section(
      'what',
      ['何时发放、发放多少', 'What for, and how much'],
      [['trigger', 'effect'], ['points', 'per_amount', 'factor'], 'condition', ['scope', 'categories', 'products']],
    ),
    section('when', ['有效时间', 'Validity'], [['starts_at', 'ends_at'], 'weekdays', ['from_hour', 'until_hour']]),
    section(
      'limits',
      ['上限与叠加', 'Limits and stacking'],
      [
        ['max_per_fact', 'max_per_day', 'max_per_customer'],
        ['stacking', 'stack_group', 'priority'],
        ['pending_days', 'expiry_months'],
      ],
    ),
    section('cost', ['活动与预算', 'Campaign and budget'], [['campaign_id', 'budget_id', 'cost_kind']]),
  ],
});
