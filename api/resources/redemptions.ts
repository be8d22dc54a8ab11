import { choices, f, resource, section } from '../definition.ts';

export default resource('redemptions', {
  label: ['积分兑换', 'Redemptions'],
  one: ['积分兑换', 'redemption'],
  group: 'points',
  order: 34,
  icon: 'gift',
  title: 'external_id',
  // Asked for by shops (POST /api/v1/redemptions).
  offers: 'rx',
  fields: {
    external_id: f.text({ label: ['兑换单号', 'Redemption no.'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    points: f.points({ label: ['积分', 'Points'], readonly: true, sum: true }),
    purpose: f.text({ label: ['用途', 'For'], readonly: true }),
    reward_id: f.ref({ label: ['兑换商品', 'Reward'], to: 'rewards', readonly: true }),
    quantity: f.integer({ label: ['数量', 'Quantity'], readonly: true }),
    partner_account: f.text({ label: ['合作方账号', 'Account with the partner'], readonly: true, pii: 'text' }),
    partner_units: f.integer({ label: ['合作方积分', "Partner's units"], readonly: true, sum: true }),
    settlement_amount: f.money({ label: ['结算金额', 'Settlement'], readonly: true, sum: true }),
    due_at: f.datetime({ label: ['应交付时间', 'Hand over by'], readonly: true }),
    handed_over_at: f.datetime({ label: ['交付时间', 'Handed over at'], readonly: true }),
    handed_over_by: f.ref({ label: ['交付人', 'Handed over by'], to: 'users', readonly: true }),
    note: f.text({ label: ['交付备注', 'Note'], readonly: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        reserved: ['已预占', 'Reserved'],
        confirmed: ['已确认', 'Confirmed'],
        cancelled: ['已取消', 'Cancelled'],
      }),
    }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    reserved_at: f.datetime({ label: ['预占时间', 'Reserved at'], readonly: true }),
    reserved_until_at: f.datetime({ label: ['预占至', 'Reserved until'], readonly: true }),
    confirmed_at: f.datetime({ label: ['确认时间', 'Confirmed at'], readonly: true }),
    cancelled_at: f.datetime({ label: ['取消时间', 'Cancelled at'], readonly: true }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'external_id',
      'customer_id',
      'purpose',
      'quantity',
      'points',
      'status',
      'reserved_at',
      'due_at',
      'handed_over_at',
    ],
    sort: '-id',
    scopes: {
      reserved: { label: ['已预占', 'Reserved'], where: { status: { eq: 'reserved' } } },
      open: {
        label: ['待交付', 'To hand over'],
        where: { status: { eq: 'confirmed' }, reward_id: { notNull: true }, handed_over_at: { null: true } },
      },
      late: {
        label: ['逾期未交付', 'Late'],
        where: { status: { eq: 'confirmed' }, handed_over_at: { null: true }, due_at: { lt: '$now' } },
        home: 'bad',
      },
    },
    tones: {
      late: {
        label: ['逾期未交付', 'Late'],
        tone: 'bad',
        where: { status: { eq: 'confirmed' }, handed_over_at: { null: true }, due_at: { lt: '$now' } },
      },
    },
  },
  form: [
    section(
      'redemption',
      ['兑换', 'Redemption'],
      [
        ['external_id', 'customer_id', 'status'],
        ['reward_id', 'quantity', 'points'],
        ['purpose', 'source'],
        ['partner_account', 'partner_units', 'settlement_amount'],
      ],
    ),
    section(
      'course',
      ['经过', 'Course'],
      [
        ['reserved_at', 'reserved_until_at'],
        ['confirmed_at', 'cancelled_at'],
        ['due_at', 'handed_over_at', 'handed_over_by'],
        ['reason', 'note'],
      ],
    ),
  ],
  actions: {
    hand_over: {
      label: ['标记已交付', 'Handed over'],
      procedure: 'hand_over_redemption',
      scope: ['record', 'bulk'],
      roles: ['operator', 'customer_service'],
      allow: { status: { eq: 'confirmed' }, reward_id: { notNull: true }, handed_over_at: { null: true } },
      input: {
        note: f.text({
          label: ['交付备注', 'Note'],
          max: 200,
          help: ['如快递单号、券码、合作方流水号', 'A parcel or coupon number, the partner’s receipt'],
        }),
      },
    },
    confirm: {
      label: ['确认', 'Confirm'],
      handler: 'confirm_redemption',
      scope: 'record',
      roles: ['operator', 'customer_service'],
      allow: { status: { eq: 'reserved' } },
    },
    cancel: {
      label: ['取消并退回积分', 'Cancel, points back'],
      handler: 'cancel_redemption',
      scope: 'record',
      roles: ['operator', 'customer_service'],
      allow: { status: { in: ['reserved', 'confirmed'] } },
      input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }) },
      confirm: [
        '积分退回原批次，已过有效期的随即过期。',
        'The points go back to their lots; those past their day expire at once.',
      ],
    },
  },
});
