import { choices, f, resource, section } from '../definition.ts';

export default resource('points_policies', {
  label: ['积分政策', 'Points policy'],
  one: ['积分政策', 'points policy'],
  group: 'programme',
  order: 13,
  icon: 'setting',
  title: 'expiry',
  offers: 'ru',
  guard: 'guard_points_policies',
  fields: {
    expiry: f.choice({
      label: ['到期方式', 'Expiry'],
      required: true,
      choices: choices({
        rolling: ['获得后满若干个月', 'So many months after earning'],
        fixed_date: ['每年固定日期', 'On a fixed date'],
        none: ['长期有效', 'Never'],
      }),
      help: ['只影响保存之后获得的积分', 'Concerns points earned after it is saved'],
    }),
    expiry_months: f.integer({
      label: ['有效月数', 'Months'],
      required: true,
      min: 1,
      max: 120,
      showWhen: { expiry: { eq: 'rolling' } },
      whenHidden: 'keep',
      help: ['周年当天仍可使用', 'Usable through the anniversary'],
    }),
    expiry_month: f.integer({
      label: ['到期月', 'Month'],
      required: true,
      min: 1,
      max: 12,
      showWhen: { expiry: { eq: 'fixed_date' } },
      whenHidden: 'keep',
    }),
    expiry_day: f.integer({
      label: ['到期日', 'Day'],
      required: true,
      min: 1,
      max: 31,
      showWhen: { expiry: { eq: 'fixed_date' } },
      whenHidden: 'keep',
      help: [
        '当天仍可使用；获得不足一个月的积分顺延到下一年',
        'Usable through that day; points younger than a month last until the next',
      ],
    }),
    reinstate_days: f.integer({
      label: ['延期可恢复的天数', 'Expired points come back within'],
      required: true,
      default: 0,
      min: 0,
      max: 366,
      help: [
        '批准延期时，过期不超过这些天的积分一并恢复；0 表示过期不恢复',
        'An extension brings back points that expired at most so many days before; 0: none',
      ],
    }),
    shortfall: f.choice({
      label: ['退款时积分已用完', 'Refund of spent points'],
      required: true,
      choices: choices({
        go_negative: ['记为欠账，从之后获得的积分中扣回', 'The balance goes negative; later earnings pay it'],
        stop_at_zero: ['扣到零为止，差额核销', 'It stops at zero; the rest is written off'],
        pending_only: ['只收回未生效的积分', 'Only pending points are taken back'],
      }),
    }),
    reserve_minutes: f.integer({
      label: ['兑换预占时长（分钟）', 'Reservations last (minutes)'],
      required: true,
      min: 1,
      max: 43_200,
      help: ['到时未确认即自动释放', 'Released then, unless confirmed'],
    }),
    point_value: f.money({
      label: ['每积分成本', 'Cost of a point'],
      required: true,
      min: '0',
      max: '10000',
      help: [
        '按它从预算中预占和支出，精确到分；0 表示积分不计成本',
        'What is taken from budgets for each, to the cent; at 0 points cost nothing',
      ],
    }),
  },
  access: { operator: 'ru', manager: 'ru', reviewer: 'r', customer_service: 'r', analyst: 'r', viewer: 'r' },
  list: { columns: ['expiry', 'expiry_months', 'shortfall', 'reserve_minutes', 'point_value'], sort: 'id' },
  form: [
    section(
      'expiry',
      ['到期', 'Expiry'],
      ['expiry', 'expiry_months', ['expiry_month', 'expiry_day'], 'reinstate_days'],
    ),
    section('refund', ['退款与兑换', 'Refunds and redemption'], ['shortfall', 'reserve_minutes']),
    section('cost', ['成本', 'Cost'], ['point_value']),
  ],
});
