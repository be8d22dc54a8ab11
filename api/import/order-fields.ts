/** The columns of an order file: one row is one line. Beside them the options for the whole file. */
import type { Field } from '../contract.ts';
import { choices, f } from '../definition.ts';

export const orderImportFields = {
  order_external_id: f.text({
    label: ['订单号', 'Order no.'],
    max: 200,
    help: [
      '同一订单号的各行合成一笔订单；不对应列时，每行是一笔订单',
      'Rows with the same number are one order; without a column each row is an order',
    ],
    aliases: [
      'InvoiceNo',
      'Invoice',
      'Invoice No',
      'order_id',
      'external_id',
      'order no',
      'order number',
      '订单编号',
      '单号',
      '小票号',
      '交易号',
    ],
  }),
  customer_external_id: f.text({
    label: ['客户编号', 'Customer no.'],
    max: 100,
    help: ['空白的行记为匿名散客', 'Rows without one belong to the anonymous customer'],
    aliases: ['CustomerID', 'customer_id', 'customer', '客户', '客户号', '会员号', '会员编号', '客户ID', '买家ID'],
  }),
  placed_at: f.datetime({
    label: ['下单时间', 'Placed at'],
    required: true,
    aliases: [
      'InvoiceDate',
      'order_date',
      'date',
      'order time',
      'created_at',
      '下单日期',
      '订单日期',
      '交易时间',
      '日期',
    ],
  }),
  sku: f.text({
    label: ['商品编码', 'SKU'],
    max: 200,
    aliases: ['StockCode', 'product_id', 'item', '货号', '商品编号'],
  }),
  description: f.text({
    label: ['商品名称', 'Description'],
    max: 500,
    aliases: ['product', 'product name', 'item name', '商品', '品名'],
  }),
  quantity: f.integer({ label: ['数量', 'Quantity'], aliases: ['qty', 'number_of_cds', 'pieces', '件数'] }),
  unit_price: f.decimal({ label: ['单价', 'Unit price'], scale: 4, aliases: ['UnitPrice', 'price', '售价'] }),
  amount: f.money({
    label: ['行金额', 'Line amount'],
    help: ['有单价时可不填', 'Not needed where there is a unit price'],
    aliases: ['amount', 'revenue', 'dollar_value', 'total', 'line total', '金额', '应付金额', '实付金额'],
  }),
  discount_amount: f.money({
    label: ['整单优惠', 'Order discount'],
    min: '0',
    help: ['每行重复时只计一次', 'Counted once where every line repeats it'],
    aliases: ['discount', '优惠金额', '折扣'],
  }),
  status: f.choice({
    label: ['订单状态', 'Order status'],
    choices: choices({
      placed: ['已下单', 'Placed'],
      paid: ['已支付', 'Paid'],
      completed: ['已完成', 'Completed'],
      cancelled: ['已取消', 'Cancelled'],
    }),
    aliases: ['状态', 'status', 'state'],
  }),
  paid_at: f.datetime({ label: ['支付时间', 'Paid at'], aliases: ['付款时间'] }),
  completed_at: f.datetime({ label: ['完成时间', 'Completed at'] }),
  channel: f.choice({
    label: ['渠道', 'Channel'],
    choices: choices({ online: ['线上', 'Online'], store: ['门店', 'Store'] }),
    aliases: ['销售渠道'],
  }),
  customer_name: f.text({ label: ['客户姓名', 'Customer name'], max: 100, aliases: ['姓名'] }),
  region: f.text({ label: ['地区', 'Region'], max: 60, aliases: ['Country', '国家', '省份', 'province'] }),
  coupon_code: f.text({ label: ['优惠券码', 'Coupon code'], max: 100, aliases: ['coupon', '优惠码'] }),
  campaign_code: f.text({ label: ['活动编码', 'Campaign code'], max: 100, aliases: ['campaign'] }),
  referrer_code: f.text({ label: ['推荐码', 'Referrer code'], max: 100, aliases: ['referrer'] }),
  returned_order_external_id: f.text({
    label: ['原订单号', 'Returned order no.'],
    max: 200,
    help: ['仅用于退货行', 'Of return rows only'],
    aliases: ['original order'],
  }),
} satisfies { [name: string]: Field };

export const orderImportOptions = {
  source: f.text({
    label: ['数据来源', 'Source'],
    max: 60,
    pattern: '^[A-Za-z0-9_.-]+$',
    help: [
      '同一来源的同一订单号只入账一次，重复导入不会重复计算',
      'An order number counts once per source, however often it is imported',
    ],
  }),
} satisfies { [name: string]: Field };
