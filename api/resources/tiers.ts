import { choices, f, resource, section } from '../definition.ts';

export default resource('tiers', {
  label: ['会员等级', 'Tiers'],
  one: ['会员等级', 'tier'],
  group: 'programme',
  icon: 'crown',
  title: ['name', 'name_en'],
  fields: {
    code: f.text({
      label: ['编码', 'Code'],
      required: true,
      frozen: true,
      unique: true,
      max: 40,
      pattern: '^[a-z][a-z0-9_]*$',
      help: ['小写字母、数字与下划线，保存后不可更改', 'Lower-case letters, digits and underscores; fixed once saved'],
    }),
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
    basis: f.choice({
      label: ['定级依据', 'Basis'],
      required: true,
      default: 'growth',
      choices: choices({
        spend: ['消费金额', 'Spend'],
        orders: ['订单数', 'Orders'],
        growth: ['成长值', 'Growth value'],
        referrals: ['转介绍人数', 'Referrals'],
        segment: ['客群', 'Segment'],
        invitation: ['邀请', 'Invitation'],
      }),
    }),
    window_kind: f.choice({
      label: ['考核周期', 'Qualification period'],
      required: true,
      default: 'rolling',
      choices: choices({
        rolling: ['滚动天数', 'Rolling days'],
        calendar: ['自然年', 'Calendar year'],
        anniversary: ['入会周年', 'Anniversary'],
        lifetime: ['累计', 'Lifetime'],
      }),
    }),
    window_days: f.integer({
      label: ['滚动天数', 'Days'],
      min: 1,
      max: 3660,
      showWhen: { window_kind: { eq: 'rolling' } },
      whenHidden: 'clear',
    }),
    enter_at: f.decimal({ label: ['升级门槛', 'Enter at'], scale: 2, min: '0' }),
    retain_at: f.decimal({ label: ['保级门槛', 'Retain at'], scale: 2, min: '0' }),
    reenter_at: f.decimal({ label: ['重回门槛', 'Re-enter at'], scale: 2, min: '0' }),
    point_multiplier: f.decimal({ label: ['积分倍数', 'Points multiplier'], scale: 2, min: '0', default: '1.00' }),
    grace_days: f.integer({ label: ['宽限期（天）', 'Grace days'], min: 0, max: 366, default: 0 }),
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
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'rolling_needs_days',
      when: { or: [{ window_kind: { ne: 'rolling' } }, { window_days: { notNull: true } }] },
      field: 'window_days',
      message: ['滚动周期需要填写天数', 'A rolling period needs its number of days'],
    },
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
  ],
  access: {
    operator: 'crud',
    manager: 'r',
    reviewer: 'r',
    customer_service: 'r',
    analyst: 'r',
    viewer: 'r',
  },
  list: { columns: ['name', 'code', 'rank', 'basis', 'enter_at', 'retain_at', 'point_multiplier'], sort: 'rank' },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], ['code', 'rank', 'color'], 'description']),
    section(
      'thresholds',
      ['门槛', 'Thresholds'],
      [
        ['basis', 'window_kind', 'window_days'],
        ['enter_at', 'retain_at', 'reenter_at'],
      ],
    ),
    section('effects', ['等级待遇', 'Treatment'], [['point_multiplier', 'grace_days', 'downgrade']]),
  ],
});
