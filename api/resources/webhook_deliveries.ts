import { choices, f, resource, section } from '../definition.ts';
import { TOPICS } from '../outbox/topics.ts';

export default resource('webhook_deliveries', {
  label: ['Webhook 记录', 'Webhook deliveries'],
  one: ['Webhook 记录', 'delivery'],
  group: 'messages',
  order: 50,
  icon: 'history',
  view: 'base.webhook_deliveries',
  title: 'topic',
  offers: 'r',
  by_token: false,
  fields: {
    endpoint_id: f.ref({ label: ['订阅', 'Webhook'], to: 'webhook_endpoints', readonly: true }),
    topic: f.choice({ label: ['通知内容', 'Told of'], readonly: true, choices: TOPICS }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    occurred_at: f.datetime({ label: ['发生时间', 'Happened at'], readonly: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        queued: ['待送达', 'Waiting'],
        sending: ['发送中', 'Being sent'],
        delivered: ['已送达', 'Delivered'],
        failed: ['已放弃', 'Given up'],
      }),
    }),
    attempts: f.integer({ label: ['尝试次数', 'Attempts'], readonly: true }),
    due_at: f.datetime({ label: ['下次发送', 'Next attempt'], readonly: true }),
    delivered_at: f.datetime({ label: ['送达时间', 'Delivered at'], readonly: true }),
    answer: f.text({ label: ['对方回应', 'What the receiver said'], readonly: true }),
    body: f.json({ label: ['内容', 'What it says'] }),
    recorded_at: f.datetime({ label: ['入队时间', 'Queued at'], readonly: true }),
  },
  access: { operator: 'r', manager: 'r' },
  list: {
    columns: ['endpoint_id', 'topic', 'customer_id', 'state', 'attempts', 'due_at', 'delivered_at', 'answer'],
    sort: '-id',
    scopes: {
      waiting: { label: ['待送达', 'Waiting'], where: { state: { in: ['queued', 'sending'] } } },
      failed: { label: ['已放弃', 'Given up'], where: { state: { eq: 'failed' } } },
    },
    tones: { failed: { label: ['已放弃', 'Given up'], tone: 'bad', where: { state: { eq: 'failed' } } } },
  },
  form: [
    section(
      'delivery',
      ['通知', 'Delivery'],
      [
        ['endpoint_id', 'topic', 'customer_id'],
        ['occurred_at', 'recorded_at'],
        ['state', 'attempts', 'due_at', 'delivered_at'],
        'answer',
        'body',
      ],
    ),
  ],
  actions: {
    resend: {
      label: ['重新发送', 'Send again'],
      procedure: 'resend_webhook',
      scope: ['record', 'bulk'],
      roles: [],
      allow: { state: { in: ['delivered', 'failed'] } },
    },
  },
});
