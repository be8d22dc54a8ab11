import { type Predicate, ROLES, type Role } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const PEOPLE = ROLES.filter((role) => role !== 'administrator');

export default resource('subscription_deliveries', {
  label: ['订阅发送记录', 'Subscription deliveries'],
  one: ['发送记录', 'delivery'],
  group: 'reports',
  order: 16,
  icon: 'list',
  view: 'base.subscription_deliveries',
  title: 'queued_at',
  offers: 'rx',
  by_token: false,
  fields: {
    subscription_id: f.ref({ label: ['订阅', 'Subscription'], to: 'subscriptions', readonly: true }),
    user_id: f.ref({ label: ['订阅人', 'Who'], to: 'users', readonly: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      readonly: true,
      choices: choices({ notice: ['提醒', 'Notice'], digest: ['汇总', 'Digest'] }),
    }),
    alert_id: f.ref({ label: ['提醒', 'Alert'], to: 'alerts', readonly: true }),
    from_at: f.datetime({ label: ['汇总起', 'From'], readonly: true }),
    until_at: f.datetime({ label: ['汇总止', 'Until'], readonly: true }),
    channel: f.choice({
      label: ['渠道', 'By'],
      readonly: true,
      choices: choices({ email: ['邮件', 'E-mail'], webhook: ['Webhook', 'Webhook'] }),
    }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        queued: ['待发送', 'Queued'],
        sent: ['已发送', 'Sent'],
        skipped: ['无新内容', 'Nothing new'],
        withheld: ['无权查看', 'Not for them'],
        failed: ['失败', 'Failed'],
      }),
    }),
    attempts: f.integer({ label: ['尝试次数', 'Attempts'], readonly: true }),
    sent_to: f.text({ label: ['发往', 'Sent to'], readonly: true }),
    answer: f.text({ label: ['对方的答复', 'What the receiver said'], readonly: true }),
    due_at: f.datetime({ label: ['下次发送', 'Next attempt'], readonly: true }),
    queued_at: f.datetime({ label: ['排队时间', 'Queued at'], readonly: true }),
    ended_at: f.datetime({ label: ['完成时间', 'Done at'], readonly: true }),
  },
  access: { operator: 'rx', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  rows: Object.fromEntries(PEOPLE.map((role) => [role, { user_id: { eq: '$me' } }])) as { [role in Role]?: Predicate },
  list: {
    columns: [
      'queued_at',
      'subscription_id',
      'kind',
      'alert_id',
      'channel',
      'state',
      'attempts',
      'sent_to',
      'answer',
      'ended_at',
    ],
    sort: '-id',
    scopes: {
      failed: { label: ['失败', 'Failed'], where: { state: { eq: 'failed' } } },
      queued: { label: ['待发送', 'Queued'], where: { state: { eq: 'queued' } } },
    },
    tones: { failed: { label: ['失败', 'Failed'], tone: 'bad', where: { state: { eq: 'failed' } } } },
  },
  form: [
    section(
      'delivery',
      ['发送', 'Delivery'],
      [
        ['subscription_id', 'user_id', 'kind'],
        ['alert_id', 'from_at', 'until_at'],
        ['channel', 'sent_to', 'state'],
        ['attempts', 'due_at', 'answer'],
        ['queued_at', 'ended_at'],
      ],
    ),
  ],
});
