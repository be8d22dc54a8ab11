import { choices, f, resource, section } from '../definition.ts';
import { EVENT_FACTS } from '../facts/fields.ts';

export default resource('points_lots', {
  label: ['积分批次', 'Points lots'],
  one: ['积分批次', 'lot'],
  group: 'points',
  order: 31,
  icon: 'list',
  hidden: true,
  view: 'base.points_lots',
  title: 'earned_on',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    account: f.choice({
      label: ['账户', 'Account'],
      readonly: true,
      choices: choices({ points: ['积分', 'Points'], growth: ['成长值', 'Growth value'] }),
    }),
    rule_id: f.ref({
      label: ['规则', 'Rule'],
      to: 'earn_rules',
      readonly: true,
      help: ['人工调整没有规则', 'None where staff gave it'],
    }),
    origin_kind: f.choice({
      label: ['来源', 'Earned by'],
      readonly: true,
      choices: choices({
        order: ['订单', 'Order'],
        sign_up: ['入会', 'Enrolment'],
        ...EVENT_FACTS,
        adjust: ['人工调整', 'By staff'],
      }),
    }),
    basis_amount: f.money({ label: ['计算金额', 'For'], readonly: true }),
    earned_at: f.datetime({ label: ['获得时间', 'Earned at'], readonly: true }),
    earned_on: f.date({ label: ['获得日期', 'Earned on'], readonly: true }),
    available_at: f.datetime({ label: ['生效时间', 'Available at'], readonly: true }),
    expires_at: f.datetime({ label: ['到期时间', 'Expires at'], readonly: true }),
    issued: f.points({ label: ['获得', 'Issued'], readonly: true, sum: true }),
    pending: f.points({ label: ['待生效', 'Pending'], readonly: true, sum: true }),
    available: f.points({ label: ['可用', 'Available'], readonly: true, sum: true }),
    reserved: f.points({ label: ['预占', 'Reserved'], readonly: true, sum: true }),
    spent: f.points({ label: ['已使用', 'Spent'], readonly: true, sum: true }),
    expired: f.points({ label: ['已过期', 'Expired'], readonly: true, sum: true }),
    reversed: f.points({ label: ['已追回', 'Taken back'], readonly: true, sum: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'earned_on',
      'account',
      'rule_id',
      'basis_amount',
      'issued',
      'available',
      'spent',
      'expired',
      'reversed',
      'expires_at',
    ],
    sort: '-id',
  },
  form: [
    section(
      'origin',
      ['来源', 'Origin'],
      [
        ['customer_id', 'account', 'rule_id'],
        ['origin_kind', 'basis_amount', 'earned_at'],
        ['available_at', 'expires_at'],
      ],
    ),
    section(
      'points',
      ['去向', 'Where they are'],
      [
        ['issued', 'pending', 'available', 'reserved'],
        ['spent', 'expired', 'reversed'],
      ],
    ),
  ],
});
