import { choices, f, resource, section } from '../definition.ts';

const STATES = choices({
  free: ['未占用', 'Free'],
  reserved: ['预占', 'Reserved'],
  committed: ['承诺', 'Committed'],
  spent: ['支出', 'Spent'],
  released: ['释放', 'Released'],
});

export default resource('budget_postings', {
  label: ['预算流水', 'Budget postings'],
  one: ['预算流水', 'posting'],
  group: 'budgets',
  order: 30,
  icon: 'receipt',
  view: 'base.budget_postings',
  title: ['title', 'title_en'],
  // Grants and points post by themselves; costs by hand are entered on their budget.
  offers: 'rx',
  fields: {
    title: f.text({ label: ['项目', 'Lines'], readonly: true, search: true }),
    title_en: f.text({ label: ['项目（英文）', 'Lines'], readonly: true }),
    budget_id: f.ref({ label: ['预算', 'Budget'], to: 'budgets', readonly: true }),
    segment_id: f.ref({ label: ['客群', 'Segment'], to: 'segments', readonly: true }),
    cost_kind: f.costKind({
      readonly: true,
    }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      readonly: true,
      choices: choices({
        reserve: ['预占', 'Reserved'],
        commit: ['承诺', 'Committed'],
        spend: ['支出', 'Spent'],
        release: ['释放', 'Released'],
        restore: ['退回承诺', 'Committed again'],
        undo: ['撤销', 'Undone'],
      }),
    }),
    amount: f.money({ label: ['金额', 'Amount'], readonly: true }),
    change: f.money({
      label: ['占用变动', 'Change of use'],
      readonly: true,
      sum: true,
      help: ['预占、承诺与支出之和的变化', 'Of what is reserved, committed and spent together'],
    }),
    from_state: f.choice({ label: ['由', 'From'], readonly: true, choices: STATES }),
    to_state: f.choice({ label: ['变为', 'To'], readonly: true, choices: STATES }),
    source_kind: f.choice({
      label: ['来源', 'Source'],
      readonly: true,
      choices: choices({
        points: ['积分', 'Points'],
        benefit: ['权益', 'Benefit'],
        coupon: ['优惠券', 'Coupon'],
        reward: ['奖励', 'Reward'],
        manual: ['手工录入', 'Entered by hand'],
      }),
    }),
    source_key: f.text({ label: ['来源编号', 'Source number'], readonly: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    document: f.text({ label: ['单据号', 'Document'], readonly: true, search: true }),
    note: f.text({ label: ['说明', 'Note'], readonly: true, search: true }),
    over_limit: f.boolean({
      label: ['超出上限', 'Beyond the limit'],
      readonly: true,
      help: ['预算设为仅提醒，因此放行', 'Let through because the budget only warns'],
    }),
    can_reverse: f.boolean({ label: ['可冲销', 'Can be taken back'], readonly: true }),
    posted_by: f.ref({ label: ['录入人', 'Entered by'], to: 'users', readonly: true }),
    posted_on: f.date({ label: ['日期', 'Date'], readonly: true }),
    posted_at: f.datetime({ label: ['记账时间', 'Posted at'], readonly: true }),
  },
  access: { operator: 'rx', manager: 'rx', reviewer: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['posted_on', 'title', 'budget_id', 'kind', 'amount', 'change', 'source_kind', 'document', 'note'],
    sort: '-id',
    scopes: {
      manual: { label: ['手工录入', 'Entered by hand'], where: { source_kind: { eq: 'manual' } } },
      points: { label: ['积分', 'Points'], where: { source_kind: { eq: 'points' } } },
      over: { label: ['超出上限', 'Beyond the limit'], where: { over_limit: { eq: true } } },
    },
    tones: { over: { label: ['超出上限', 'Beyond the limit'], tone: 'bad', where: { over_limit: { eq: true } } } },
  },
  form: [
    section(
      'posting',
      ['流水', 'Posting'],
      [
        ['budget_id', 'segment_id', 'cost_kind'],
        ['kind', 'amount', 'change'],
        ['from_state', 'to_state', 'over_limit'],
      ],
    ),
    section(
      'why',
      ['来源', 'Source'],
      [
        ['source_kind', 'source_key', 'customer_id'],
        ['document', 'note'],
        ['posted_on', 'posted_at', 'posted_by'],
      ],
    ),
  ],
});
