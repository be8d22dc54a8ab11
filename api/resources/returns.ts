import { f, resource, section } from '../definition.ts';

export default resource('returns', {
  label: ['退货', 'Returns'],
  one: ['退货', 'return'],
  group: 'customers',
  icon: 'rollback',
  title: 'external_id',
  offers: 'rx',
  fields: {
    external_id: f.text({ label: ['退货单号', 'Return no.'], readonly: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    order_id: f.ref({
      label: ['订单', 'Order'],
      to: 'orders',
      readonly: true,
      help: ['来源未注明订单时为空', 'Empty where the source names no order'],
    }),
    order_external_id: f.text({ label: ['原订单号', 'Order no.'], readonly: true }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    line_no: f.integer({ label: ['行号', 'Line'], plain: true, readonly: true }),
    sku: f.text({ label: ['商品编码', 'SKU'], readonly: true }),
    quantity: f.integer({ label: ['数量', 'Quantity'], readonly: true, sum: true }),
    amount: f.money({ label: ['退款金额', 'Amount'], readonly: true, sum: true }),
    returned_at: f.datetime({ label: ['退货时间', 'Returned at'], readonly: true }),
    returned_on: f.date({ label: ['退货日期', 'Returned on'], readonly: true }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['external_id', 'customer_id', 'order_id', 'sku', 'quantity', 'amount', 'returned_at', 'reason'],
    sort: '-id',
    scopes: {
      week: { label: ['近 7 天', 'Last 7 days'], where: { returned_on: { gte: '$today-7d' } } },
      unlinked: { label: ['未关联订单', 'Without an order'], where: { order_id: { null: true } } },
    },
  },
  form: [
    section(
      'return',
      ['退货', 'Return'],
      [
        ['external_id', 'customer_id', 'order_id'],
        ['order_external_id', 'source', 'line_no'],
      ],
    ),
    section(
      'goods',
      ['商品与金额', 'Goods and amount'],
      [['sku', 'quantity', 'amount'], ['returned_at', 'returned_on'], 'reason'],
    ),
  ],
});
