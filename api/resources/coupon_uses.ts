import { choices, f, resource, section } from '../definition.ts';

export default resource('coupon_uses', {
  label: ['优惠券核销', 'Uses of coupons'],
  one: ['核销', 'use'],
  group: 'points',
  order: 40,
  icon: 'check',
  view: 'base.coupon_uses',
  title: 'external_id',
  // Asked for by shops (POST /api/v1/coupons/reserve), or named by an order.
  offers: 'rx',
  fields: {
    external_id: f.text({ label: ['核销单号', 'Use no.'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    coupon_id: f.ref({ label: ['优惠券', 'Coupon'], to: 'coupons', readonly: true }),
    template_id: f.ref({ label: ['优惠券模板', 'Template'], to: 'coupon_templates', readonly: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        reserved: ['已预占', 'Reserved'],
        redeemed: ['已核销', 'Redeemed'],
        cancelled: ['已取消', 'Cancelled'],
        returned: ['已退回', 'Given back'],
      }),
    }),
    place: f.integer({ label: ['抵扣次序', 'Order'], readonly: true }),
    channel: f.choice({
      label: ['渠道', 'Channel'],
      readonly: true,
      choices: choices({ online: ['线上', 'Online'], store: ['门店', 'Store'] }),
    }),
    goods_amount: f.money({ label: ['适用商品金额', 'Goods it counts for'], readonly: true }),
    discount_amount: f.money({ label: ['减免金额', 'Amount off'], readonly: true, sum: true }),
    gift_name: f.text({ label: ['赠品', 'Gift'], readonly: true }),
    gift_quantity: f.integer({ label: ['赠品数量', 'Gift quantity'], readonly: true }),
    free_shipping: f.boolean({ label: ['免运费', 'Free shipping'], readonly: true }),
    cost: f.money({
      label: ['成本', 'Cost'],
      readonly: true,
      sum: true,
      access: { read: ['manager', 'operator', 'analyst'] },
    }),
    order_external_id: f.text({ label: ['订单号', 'Order no.'], readonly: true, search: true }),
    order_id: f.ref({ label: ['订单', 'Order'], to: 'orders', readonly: true }),
    used_at: f.datetime({ label: ['使用时间', 'Used at'], readonly: true }),
    used_on: f.date({ label: ['使用日期', 'Used on'], readonly: true, left_out: ['form'] }),
    reserved_until_at: f.datetime({ label: ['预占至', 'Reserved until'], readonly: true }),
    redeemed_at: f.datetime({ label: ['核销时间', 'Redeemed at'], readonly: true }),
    over_at: f.datetime({ label: ['取消或退回时间', 'Cancelled or given back at'], readonly: true }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    // Shops and staff say it in words of their own.
    reason: f.choice({
      label: ['原因', 'Reason'],
      readonly: true,
      choices: choices({
        timeout: ['预占超时', 'The reservation ran out'],
        order_over: ['订单已取消或全部退货', 'The order was cancelled or came back whole'],
        used_by_order: ['已由订单核销', 'An order redeemed it'],
      }),
    }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['external_id', 'customer_id', 'template_id', 'discount_amount', 'status', 'order_external_id', 'used_at'],
    sort: '-id',
    scopes: {
      redeemed: { label: ['已核销', 'Redeemed'], where: { status: { eq: 'redeemed' } } },
      reserved: { label: ['已预占', 'Reserved'], where: { status: { eq: 'reserved' } } },
      returned: { label: ['已退回', 'Given back'], where: { status: { eq: 'returned' } } },
    },
    tones: {
      over: { label: ['已取消', 'Cancelled'], tone: 'quiet', where: { status: { in: ['cancelled', 'returned'] } } },
    },
  },
  form: [
    section(
      'use',
      ['核销', 'Use'],
      [
        ['external_id', 'customer_id', 'status'],
        ['coupon_id', 'template_id', 'place'],
        ['goods_amount', 'discount_amount', 'cost'],
        ['gift_name', 'gift_quantity', 'free_shipping'],
        ['order_external_id', 'order_id', 'channel'],
      ],
    ),
    section(
      'course',
      ['经过', 'Course'],
      [
        ['used_at', 'reserved_until_at'],
        ['redeemed_at', 'over_at'],
        ['source', 'reason'],
      ],
    ),
  ],
});
