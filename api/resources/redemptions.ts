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
    columns: ['external_id', 'customer_id', 'points', 'purpose', 'status', 'reserved_at', 'reserved_until_at'],
    sort: '-id',
    scopes: { reserved: { label: ['已预占', 'Reserved'], where: { status: { eq: 'reserved' } } } },
  },
  form: [
    section(
      'redemption',
      ['兑换', 'Redemption'],
      [
        ['external_id', 'customer_id', 'status'],
        ['points', 'purpose', 'source'],
      ],
    ),
    section(
      'course',
      ['经过', 'Course'],
      [['reserved_at', 'reserved_until_at'], ['confirmed_at', 'cancelled_at'], 'reason'],
    ),
  ],
  actions: {
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
