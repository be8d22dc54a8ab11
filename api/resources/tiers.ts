import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const BASES = choices({
  spend: ['消费金额', 'Spend'],
  orders: ['订单数', 'Orders'],
  growth: ['成长值', 'Growth value'],
  referrals: ['转介绍人数', 'Referrals'],
  segment: ['客群', 'Segment'],
  invitation: ['邀请', 'Invitation'],
});
const WINDOWS = choices({
  rolling: ['滚动天数', 'Rolling days'],
  month: ['自然月', 'Calendar month'],
  quarter: ['自然季度', 'Calendar quarter'],
  year: ['自然年', 'Calendar year'],
  anniversary: ['入会周年', 'Anniversary'],
  lifetime: ['累计', 'Lifetime'],
});
/** Bases with a number to reach. */
const MEASURED: Predicate = { basis: { in: ['spend', 'orders', 'growth', 'referrals'] } };
const BY_SEGMENT: Predicate = { basis: { eq: 'segment' } };
const ROLLING: Predicate = { window_kind: { eq: 'rolling' } };
const STARTS_IN_A_MONTH: Predicate = { window_kind: { in: ['quarter', 'year'] } };
/** Windows that begin and end on a day, unlike those that roll on or last for ever. */
const HAS_PERIODS: Predicate = { window_kind: { in: ['month', 'quarter', 'year', 'anniversary'] } };

const days = { label: ['滚动天数', 'Days'], min: 1, max: 3660 } as const;
const startMonth = {
  label: ['起始月份', 'Starts in month'],
  min: 1,
  max: 12,
  default: 1,
  help: ['首个季度或年度从几月开始', 'The month in which the first quarter or the year begins'],
} as const;
const enterAt = { label: ['升级门槛', 'Enter at'], scale: 2, min: '0' } as const;
const retainAt = {
  label: ['保级门槛', 'Retain at'],
  scale: 2,
  min: '0',
  help: ['留空则与升级门槛相同', 'The enter threshold when left empty'],
} as const;
const reenterAt = {
  label: ['重回门槛', 'Re-enter at'],
  scale: 2,
  min: '0',
  help: [
    '降级后再次进入所需；留空则与升级门槛相同',
    'To come back after a downgrade; the enter threshold when left empty',
  ],
} as const;

export default resource('tiers', {
  label: ['会员等级', 'Tiers'],
  one: ['会员等级', 'tier'],
  group: 'programme',
  order: 10,
  icon: 'crown',
  title: ['name', 'name_en'],
  guard: 'guard_tiers',
  impact: true,
  tried: { on: { status: 'active' }, off: { status: 'retired' } },
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 40, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 40, search: true }),
    rank: f.integer({
      label: ['级别', 'Rank'],
      required: true,
      unique: true,
      min: 0,
      max: 1000,
      help: ['数字越大等级越高', 'The higher the number, the higher the tier'],
    }),
    color: f.color({ label: ['标识色', 'Colour'], required: true, default: '#8c8c8c' }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['使用中', 'Active'], retired: ['已停用', 'Retired'] }),
      help: ['停用后不再有客户进入该等级', 'Nobody enters a retired tier'],
    }),
    basis: f.choice({ label: ['定级依据', 'Basis'], required: true, default: 'growth', choices: BASES }),
    window_kind: f.choice({
      label: ['考核周期', 'Qualification period'],
      required: true,
      default: 'rolling',
      choices: WINDOWS,
    }),
    window_days: f.integer({ requiredWhen: ROLLING, ...days, showWhen: ROLLING, whenHidden: 'clear' }),
    window_start_month: f.integer({ ...startMonth, showWhen: STARTS_IN_A_MONTH, whenHidden: 'keep' }),
    enter_at: f.decimal({ requiredWhen: MEASURED, ...enterAt, showWhen: MEASURED, whenHidden: 'clear' }),
    retain_at: f.decimal({ ...retainAt, showWhen: MEASURED, whenHidden: 'clear' }),
    reenter_at: f.decimal({ ...reenterAt, showWhen: MEASURED, whenHidden: 'clear' }),
    segments: f.refs({
      requiredWhen: BY_SEGMENT,
      label: ['客群', 'Segments'],
      to: 'segments',
      options: { in_force: { eq: true } },
      max: 50,
      showWhen: BY_SEGMENT,
      whenHidden: 'clear',
      help: ['处于其中任一客群的客户可进入', 'Customers in any of them may enter'],
    }),
    criteria_match: f.choice({
      label: ['与其他条件的关系', 'Joined by'],
      required: true,
      default: 'any',
      choices: choices({ any: ['满足任一即可', 'Any is enough'], all: ['须全部满足', 'All are needed'] }),
    }),
    criteria: f.items({
      label: ['其他定级条件', 'Further criteria'],
      help: [
        '与上面的依据组合，例如“或累计转介绍 10 人”',
        'Joined to the basis above, such as "or ten referrals in all"',
      ],
      max: 10,
      default: [],
      fields: {
        basis: f.choice({ label: ['定级依据', 'Basis'], required: true, default: 'referrals', choices: BASES }),
        window_kind: f.choice({ label: ['考核周期', 'Period'], required: true, default: 'lifetime', choices: WINDOWS }),
        window_days: f.integer({ ...days, requiredWhen: ROLLING, showWhen: ROLLING, whenHidden: 'clear' }),
        window_start_month: f.integer({
          ...startMonth,
          default: undefined,
          help: undefined,
          showWhen: STARTS_IN_A_MONTH,
          whenHidden: 'clear',
        }),
        segments: f.refs({
          label: ['客群', 'Segments'],
          to: 'segments',
          max: 50,
          options: { in_force: { eq: true } },
          showWhen: BY_SEGMENT,
          requiredWhen: BY_SEGMENT,
          whenHidden: 'clear',
        }),
        enter_at: f.decimal({ ...enterAt, requiredWhen: MEASURED, showWhen: MEASURED, whenHidden: 'clear' }),
        retain_at: f.decimal({ ...retainAt, help: undefined, showWhen: MEASURED, whenHidden: 'clear' }),
        reenter_at: f.decimal({ ...reenterAt, help: undefined, showWhen: MEASURED, whenHidden: 'clear' }),
      },
    }),
    upgrade: f.choice({
      label: ['升级时机', 'Upgrade'],
      required: true,
      default: 'at_once',
      choices: choices({ at_once: ['达标立即升级', 'At once'], next_period: ['下一考核周期', 'With the next period'] }),
    }),
    validity_kind: f.choice({
      label: ['等级有效期', 'Validity'],
      required: true,
      default: 'months',
      choices: choices({
        continuous: ['每日复核', 'Looked at every day'],
        months: ['自定级起若干个月', 'Months from entering'],
        period_end: ['至本考核周期结束', 'To the end of the period'],
        next_period_end: ['至下一考核周期结束', 'To the end of the next period'],
        forever: ['长期有效', 'For good'],
      }),
      help: ['到期时按保级门槛复核', 'When it ends, the retain threshold decides'],
    }),
    validity_months: f.integer({
      requiredWhen: { validity_kind: { eq: 'months' } },
      label: ['有效月数', 'Months'],
      min: 1,
      max: 120,
      default: 12,
      showWhen: { validity_kind: { eq: 'months' } },
      whenHidden: 'clear',
    }),
    downgrade: f.choice({
      label: ['降级方式', 'Downgrade'],
      required: true,
      default: 'one_step',
      choices: choices({
        none: ['不降级', 'None'],
        one_step: ['逐级降级', 'One step'],
        full: ['按考核结果', 'Full reassessment'],
      }),
    }),
    grace_days: f.integer({ label: ['宽限期（天）', 'Grace days'], required: true, min: 0, max: 366, default: 0 }),
    grace_until: f.choice({
      label: ['宽限期延至', 'Grace runs until'],
      required: true,
      default: 'exact',
      choices: choices({
        exact: ['到期当天', 'That very day'],
        month_end: ['当月月末', 'The end of that month'],
        quarter_end: ['当季季末', 'The end of that quarter'],
        year_end: ['当年年末', 'The end of that year'],
      }),
    }),
    floor_tier_id: f.ref({
      label: ['保底等级', 'Floor'],
      to: 'tiers',
      options: { rank: { lt: { $field: 'rank' } } },
      help: ['曾达到本等级的客户，最多降到这一级', 'Whoever was in this tier never falls below that one'],
    }),
    point_multiplier: f.decimal({
      label: ['积分倍数', 'Points multiplier'],
      required: true,
      scale: 2,
      min: '0',
      max: '100',
      default: '1.00',
    }),
    growth_multiplier: f.decimal({
      label: ['成长值倍数', 'Growth multiplier'],
      required: true,
      scale: 2,
      min: '0',
      max: '100',
      default: '1.00',
    }),
    redeem_points: f.points({
      label: ['积分兑换率', 'Points per unit of money'],
      required: true,
      min: 1,
      max: 1_000_000,
      default: 100,
      help: [
        '多少积分抵 1 元；等级越高可以越少',
        'How many points are worth 1 of the currency; may be fewer in higher tiers',
      ],
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'retain_not_above_enter',
      when: {
        or: [
          { retain_at: { null: true } },
          { enter_at: { null: true } },
          { retain_at: { lte: { $field: 'enter_at' } } },
        ],
      },
      field: 'retain_at',
      message: ['保级门槛不能高于升级门槛', 'The retain threshold must not exceed the enter threshold'],
    },
    {
      name: 'reenter_not_below_retain',
      when: {
        or: [
          { reenter_at: { null: true } },
          { retain_at: { notNull: true }, reenter_at: { gte: { $field: 'retain_at' } } },
          { retain_at: { null: true }, reenter_at: { gte: { $field: 'enter_at' } } },
        ],
      },
      field: 'reenter_at',
      message: [
        '重回门槛不能低于保级门槛，否则刚降级就会重回',
        'The re-enter threshold must not be below the retain threshold: who falls would be back at once',
      ],
    },
    {
      name: 'validity_needs_period',
      when: { or: [{ validity_kind: { nin: ['period_end', 'next_period_end'] } }, HAS_PERIODS] },
      field: 'validity_kind',
      message: [
        '滚动或累计的考核没有周期，请改选有效期',
        'A rolling or lifetime window has no end of a period; choose another validity',
      ],
    },
    {
      name: 'upgrade_needs_period',
      when: { or: [{ upgrade: { eq: 'at_once' } }, HAS_PERIODS] },
      field: 'upgrade',
      message: [
        '滚动或累计的考核没有下一周期，只能立即升级',
        'A rolling or lifetime window has no next period; upgrades are at once',
      ],
    },
  ],
  access: {
    operator: 'crudix',
    manager: 'rx',
    reviewer: 'r',
    customer_service: 'r',
    analyst: 'rx',
    viewer: 'r',
  },
  list: {
    columns: ['name', 'code', 'rank', 'basis', 'enter_at', 'retain_at', 'point_multiplier', 'redeem_points', 'status'],
    sort: 'rank',
    scopes: {
      active: { label: ['使用中', 'Active'], where: { status: { eq: 'active' } } },
      retired: { label: ['已停用', 'Retired'], where: { status: { eq: 'retired' } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'rank', 'color', 'status'], 'description'],
    ),
    section(
      'thresholds',
      ['定级条件', 'Criteria'],
      [
        ['basis', 'window_kind', 'window_days', 'window_start_month'],
        ['enter_at', 'retain_at', 'reenter_at'],
        'segments',
        'criteria_match',
        'criteria',
      ],
    ),
    section(
      'changes',
      ['升降级', 'Upgrade and downgrade'],
      [
        ['upgrade', 'validity_kind', 'validity_months'],
        ['downgrade', 'floor_tier_id'],
        ['grace_days', 'grace_until'],
      ],
    ),
    section('effects', ['等级待遇', 'Treatment'], [['point_multiplier', 'growth_multiplier', 'redeem_points']]),
  ],
});
