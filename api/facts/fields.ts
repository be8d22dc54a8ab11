/** What shops send to /api/v1: the fields of an order and of a return, read by the same parsers as forms and files. */
import type { Field } from '../contract.ts';
import { choices, f } from '../definition.ts';

const external_id = (label: readonly [string, string]) => f.text({ label, required: true, max: 200 });

const LINE: { [name: string]: Field } = {
  sku: f.text({ label: ['商品编码', 'SKU'], required: true, max: 200 }),
  description: f.text({ label: ['商品名称', 'Description'], max: 500 }),
  quantity: f.integer({ label: ['数量', 'Quantity'], required: true, min: 1, max: 1_000_000_000 }),
  unit_price: f.decimal({ label: ['单价', 'Unit price'], scale: 4, min: '0' }),
  amount: f.money({ label: ['行金额', 'Line amount'], min: '0' }),
};

export const ORDER_FIELDS: { [name: string]: Field } = {
  source: f.text({ label: ['数据来源', 'Source'], max: 60, pattern: '^[A-Za-z0-9_.-]+$', default: 'api' }),
  external_id: external_id(['订单号', 'Order no.']),
  customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], max: 100 }),
  customer_name: f.text({ label: ['客户姓名', 'Customer name'], max: 100 }),
  region: f.text({ label: ['地区', 'Region'], max: 60 }),
  channel: f.choice({
    label: ['渠道', 'Channel'],
    choices: choices({ online: ['线上', 'Online'], store: ['门店', 'Store'] }),
    default: 'online',
  }),
  status: f.choice({
    label: ['订单状态', 'Order status'],
    choices: choices({
      placed: ['已下单', 'Placed'],
      paid: ['已支付', 'Paid'],
      completed: ['已完成', 'Completed'],
      cancelled: ['已取消', 'Cancelled'],
    }),
    default: 'paid',
  }),
  placed_at: f.datetime({ label: ['下单时间', 'Placed at'], required: true }),
  paid_at: f.datetime({ label: ['支付时间', 'Paid at'] }),
  completed_at: f.datetime({ label: ['完成时间', 'Completed at'] }),
  discount_amount: f.money({ label: ['整单优惠', 'Order discount'], min: '0' }),
  coupon_code: f.text({ label: ['优惠券码', 'Coupon code'], max: 100 }),
  campaign_code: f.text({ label: ['活动编码', 'Campaign code'], max: 100 }),
  referrer_code: f.text({ label: ['推荐码', 'Referrer code'], max: 100 }),
  lines: f.items({ label: ['商品行', 'Lines'], fields: LINE, max: 10_000 }),
};

export const RETURN_FIELDS: { [name: string]: Field } = {
  source: ORDER_FIELDS.source!,
  external_id: external_id(['退货单号', 'Return no.']),
  order_external_id: f.text({ label: ['原订单号', 'Order no.'], max: 200 }),
  customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], max: 100 }),
  line_no: f.integer({ label: ['行号', 'Line'], min: 1, max: 10_000 }),
  sku: f.text({ label: ['商品编码', 'SKU'], max: 200 }),
  quantity: f.integer({ label: ['数量', 'Quantity'], min: 1, max: 1_000_000_000 }),
  amount: f.money({ label: ['退款金额', 'Amount'], min: '0' }),
  returned_at: f.datetime({ label: ['退货时间', 'Returned at'], required: true }),
  reason: f.text({ label: ['原因', 'Reason'], max: 500 }),
};
