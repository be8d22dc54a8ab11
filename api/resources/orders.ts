import { choices, f, resource, section } from '../definition.ts';
import { orderImportFields, orderImportOptions } from '../import/order-fields.ts';

export default resource('orders', {
  label: ['订单', 'Orders'],
  one: ['订单', 'order'],
  group: 'customers',
  icon: 'shopping-cart',
  title: 'external_id',
  offers: 'rix',
  fields: {
    external_id: f.text({
      label: ['订单号', 'Order no.'],
      readonly: true,
      search: true,
      aliases: ['InvoiceNo', 'order_id', '订单编号'],
    }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true, search: true }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    channel: f.choice({
      label: ['渠道', 'Channel'],
      readonly: true,
      choices: choices({ online: ['线上', 'Online'], store: ['门店', 'Store'] }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        placed: ['已下单', 'Placed'],
        paid: ['已支付', 'Paid'],
        completed: ['已完成', 'Completed'],
        cancelled: ['已取消', 'Cancelled'],
      }),
    }),
    placed_at: f.datetime({ label: ['下单时间', 'Placed at'], readonly: true, aliases: ['InvoiceDate', '订单时间'] }),
    placed_on: f.date({
      label: ['下单日期', 'Placed on'],
      readonly: true,
      help: ['按会员计划的时区', 'A day in the programme’s time zone'],
    }),
    paid_at: f.datetime({ label: ['支付时间', 'Paid at'], readonly: true }),
    completed_at: f.datetime({ label: ['完成时间', 'Completed at'], readonly: true }),
    amount: f.money({
      label: ['应付金额', 'Amount'],
      readonly: true,
      sum: true,
      help: ['扣除优惠后的金额', 'What is owed after the discount'],
    }),
    discount_amount: f.money({ label: ['优惠金额', 'Discount'], readonly: true, sum: true }),
    returned_amount: f.money({ label: ['已退金额', 'Returned'], readonly: true, sum: true }),
    coupon_code: f.text({ label: ['优惠券码', 'Coupon code'], readonly: true }),
    campaign_code: f.text({ label: ['活动编码', 'Campaign code'], readonly: true }),
    referrer_code: f.text({ label: ['推荐码', 'Referrer code'], readonly: true }),
  },
  access: { operator: 'rix', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'external_id',
      'customer_id',
      'placed_at',
      'channel',
      'status',
      'amount',
      'discount_amount',
      'returned_amount',
    ],
    sort: '-placed_at',
    scopes: {
      week: { label: ['近 7 天', 'Last 7 days'], where: { placed_at: { gte: '$today-7d' } } },
      returned: { label: ['有退货', 'With returns'], where: { returned_amount: { gt: 0 } } },
      cancelled: { label: ['已取消', 'Cancelled'], where: { status: { eq: 'cancelled' } } },
    },
    tones: {
      cancelled: { label: ['已取消', 'Cancelled'], tone: 'quiet', where: { status: { eq: 'cancelled' } } },
      returned: { label: ['有退货', 'With returns'], tone: 'warning', where: { returned_amount: { gt: 0 } } },
    },
  },
  form: [
    section(
      'order',
      ['订单', 'Order'],
      [
        ['external_id', 'customer_id'],
        ['channel', 'status', 'source'],
      ],
    ),
    section('times', ['时间', 'Times'], [['placed_at', 'paid_at', 'completed_at', 'placed_on']]),
    section('amounts', ['金额', 'Amounts'], [['amount', 'discount_amount', 'returned_amount']]),
    section('codes', ['营销来源', 'Attribution'], [['coupon_code', 'campaign_code', 'referrer_code']]),
  ],
  children: [
    { resource: 'order_lines', field: 'order_id' },
    { resource: 'returns', field: 'order_id' },
  ],
  import: {
    key: [],
    fields: orderImportFields,
    options: orderImportOptions,
    procedure: 'import_orders',
    staging: 'app.import_order_lines',
    counts: {
      orders: ['新订单', 'New orders'],
      lines: ['订单明细', 'Order lines'],
      orders_updated: ['状态更新的订单', 'Orders that moved on'],
      returns: ['退货', 'Returns'],
      returns_waiting: ['其中等待原订单', 'of these waiting for their order'],
      differing: ['内容与已入账不同，未改动', 'Say something else than what is stored; left as stored'],
    },
  },
});
