/** What shops send to /api/v1: the fields of an order, of a return and of an event, read by the same parsers as forms and files. */
import type { Field, Pair } from '../contract.ts';
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

/** Events that earn rules may ask for. */
export const EVENT_FACTS: { [kind: string]: Pair } = {
  check_in: ['签到', 'Check-in'],
  share: ['分享', 'Share'],
  review: ['评价', 'Review'],
  task_action: ['任务动作', 'Task action'],
};

/** What customers do beside buying. */
export const EVENT_KINDS: { [kind: string]: Pair } = {
  ...EVENT_FACTS,
  sign_up: ['注册', 'Sign-up'],
  search: ['搜索', 'Search'],
  page_view: ['浏览页面', 'Page view'],
  click: ['点击', 'Click'],
  campaign_entry: ['参加活动', 'Campaign entry'],
  scan: ['扫码', 'Scan'],
  ad_click: ['点击广告', 'Ad click'],
  social: ['社交互动', 'Social interaction'],
  service_contact: ['联系客服', 'Service contact'],
};

export const EVENT_FIELDS: { [name: string]: Field } = {
  source: ORDER_FIELDS.source!,
  external_id: external_id(['行为编号', 'Event no.']),
  kind: f.choice({ label: ['行为', 'Kind'], required: true, choices: choices(EVENT_KINDS) }),
  customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 }),
  occurred_at: f.datetime({ label: ['发生时间', 'Happened at'], required: true }),
  channel: f.text({ label: ['渠道', 'Channel'], max: 40 }),
  order_external_id: f.text({ label: ['订单号', 'Order no.'], max: 200 }),
  order_source: f.text({ label: ['订单的数据来源', 'Source of the order'], max: 60, pattern: '^[A-Za-z0-9_.-]+$' }),
  sku: f.text({ label: ['商品编码', 'SKU'], max: 200 }),
  rating: f.integer({ label: ['评分', 'Rating'], min: 1, max: 5 }),
  task_code: f.text({ label: ['任务编码', 'Task'], max: 60, pattern: '^[A-Za-z0-9_.-]+$' }),
  campaign_code: f.text({ label: ['活动编码', 'Campaign code'], max: 100 }),
  subject: f.text({ label: ['内容', 'About'], max: 500 }),
};

/** Beside who, what and when: what each kind may say, and what it must. */
export const EVENT_SAYS: { [kind: string]: { may: readonly string[]; must?: readonly string[] } } = {
  check_in: { may: [] },
  share: { may: ['order_external_id', 'order_source', 'sku', 'campaign_code', 'subject'] },
  review: { may: ['order_external_id', 'order_source', 'sku', 'subject'], must: ['rating'] },
  task_action: { may: ['campaign_code', 'subject'], must: ['task_code'] },
  sign_up: { may: ['campaign_code'] },
  search: { may: [], must: ['subject'] },
  page_view: { may: ['sku', 'campaign_code'], must: ['subject'] },
  click: { may: ['sku', 'campaign_code'], must: ['subject'] },
  campaign_entry: { may: ['subject'], must: ['campaign_code'] },
  scan: { may: ['sku', 'campaign_code'], must: ['subject'] },
  ad_click: { may: ['sku', 'subject'], must: ['campaign_code'] },
  social: { may: ['campaign_code', 'subject'], must: ['channel'] },
  service_contact: { may: ['order_external_id', 'order_source', 'rating', 'subject'] },
};
