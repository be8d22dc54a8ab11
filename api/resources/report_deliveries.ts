import { choices, f, resource, section } from '../definition.ts';

export default resource('report_deliveries', {
  label: ['日报发送记录', 'Report deliveries'],
  one: ['发送记录', 'report delivery'],
  group: 'reports',
  order: 50,
  icon: 'list',
  view: 'base.report_deliveries',
  title: 'email',
  // Written by the morning's job and by whoever sends.
  offers: 'rx',
  fields: {
    reported_on: f.date({ label: ['报告日期', 'Day'], readonly: true }),
    number: f.integer({ label: ['第几版', 'Number'], readonly: true }),
    subscription_id: f.ref({ label: ['订阅', 'Subscription'], to: 'report_subscriptions', readonly: true }),
    email: f.text({ label: ['邮箱', 'E-mail'], readonly: true, search: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        queued: ['待发送', 'Queued'],
        sent: ['已发送', 'Sent'],
        failed: ['失败', 'Failed'],
      }),
    }),
    attempts: f.integer({ label: ['尝试次数', 'Attempts'], readonly: true }),
    answer: f.text({ label: ['邮件服务器的答复', 'What the mail server said'], readonly: true }),
    queued_at: f.datetime({ label: ['排队时间', 'Queued at'], readonly: true }),
    sent_at: f.datetime({ label: ['发送时间', 'Sent at'], readonly: true }),
  },
  access: { operator: 'r', manager: 'rx', analyst: 'rx' },
  list: {
    columns: ['reported_on', 'number', 'subscription_id', 'email', 'state', 'attempts', 'answer', 'sent_at'],
    sort: '-queued_at',
    scopes: { failed: { label: ['失败', 'Failed'], where: { state: { eq: 'failed' } } } },
  },
  form: [
    section(
      'delivery',
      ['发送', 'Delivery'],
      [
        ['reported_on', 'number', 'state'],
        ['subscription_id', 'email'],
        ['attempts', 'answer'],
        ['queued_at', 'sent_at'],
      ],
    ),
  ],
});
