import { choices, f, resource, section } from '../definition.ts';
import { EVENT_KINDS } from '../facts/fields.ts';

export default resource('events', {
  label: ['客户行为', 'Events'],
  one: ['行为', 'event'],
  group: 'customers',
  order: 105,
  icon: 'thunderbolt',
  view: 'base.events',
  title: 'external_id',
  offers: 'rx',
  fields: {
    kind: f.choice({ label: ['行为', 'Kind'], readonly: true, choices: choices(EVENT_KINDS) }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    occurred_at: f.datetime({ label: ['发生时间', 'Happened at'], readonly: true }),
    occurred_on: f.date({ label: ['发生日期', 'Happened on'], readonly: true }),
    channel: f.text({ label: ['渠道', 'Channel'], readonly: true }),
    order_id: f.ref({
      label: ['订单', 'Order'],
      to: 'orders',
      readonly: true,
      help: ['评价的订单，或分享带来的订单', 'That is reviewed, or that a share has led to'],
    }),
    product_id: f.ref({ label: ['商品', 'Product'], to: 'products', readonly: true }),
    rating: f.integer({ label: ['评分', 'Rating'], readonly: true }),
    task_code: f.text({ label: ['任务编码', 'Task'], readonly: true }),
    campaign_code: f.text({ label: ['活动编码', 'Campaign code'], readonly: true }),
    subject: f.longtext({
      label: ['内容', 'About'],
      readonly: true,
      help: ['搜索词、页面、点击的元素等', 'Words searched for, a page, an element …'],
    }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    external_id: f.text({ label: ['行为编号', 'Event no.'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['occurred_at', 'kind', 'customer_id', 'channel', 'order_id', 'product_id', 'rating', 'subject'],
    sort: '-id',
    scopes: {
      week: { label: ['近 7 天', 'Last 7 days'], where: { occurred_on: { gte: '$today-7d' } } },
      earning: {
        label: ['可得积分', 'That may earn'],
        where: { kind: { in: ['check_in', 'share', 'review', 'task_action'] } },
      },
    },
  },
  form: [
    section(
      'event',
      ['行为', 'Event'],
      [
        ['kind', 'customer_id', 'occurred_at'],
        ['channel', 'source', 'external_id'],
      ],
    ),
    section(
      'about',
      ['关于', 'About'],
      [['order_id', 'product_id', 'rating'], ['task_code', 'campaign_code', 'occurred_on'], 'subject'],
    ),
  ],
});
