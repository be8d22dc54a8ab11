import { choices, f, resource, section } from '../definition.ts';

export default resource('report_subscriptions', {
  label: ['日报订阅', 'Report subscriptions'],
  one: ['日报订阅', 'report subscription'],
  group: 'reports',
  order: 40,
  icon: 'mail',
  view: 'base.report_subscriptions',
  title: 'name',
  fields: {
    name: f.text({ label: ['收件人', 'Recipient'], required: true, max: 80, search: true }),
    email: f.email({
      label: ['邮箱', 'E-mail'],
      required: true,
      unique: true,
      search: true,
      help: [
        '每天早上写好后发送，附各指标的走势图',
        'Sent each morning once it is written, with a chart of each figure',
      ],
    }),
    lang: f.choice({
      label: ['语言', 'Language'],
      required: true,
      default: 'zh',
      choices: choices({ zh: ['中文', 'Chinese'], en: ['英文', 'English'] }),
    }),
    when_sent: f.choice({
      label: ['发送时机', 'Sent'],
      required: true,
      default: 'always',
      choices: choices({
        always: ['每天', 'Every day'],
        attention: ['仅在需要关注时', 'Only when something wants attention'],
      }),
      help: [
        '需要关注：有指标未达成、有风险或超出平常范围，预算偏紧，或有未解决的异常',
        'When a figure is missed, at risk or out of its usual range, a budget runs short, or an incident is open',
      ],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['启用', 'Active'], paused: ['暂停', 'Paused'] }),
    }),
    last_sent_at: f.datetime({ label: ['最近发送', 'Last sent'], readonly: true }),
  },
  access: { operator: 'r', manager: 'crudix', analyst: 'crudix' },
  list: {
    columns: ['name', 'email', 'lang', 'when_sent', 'status', 'last_sent_at'],
    sort: 'name',
    scopes: { active: { label: ['启用中', 'Active'], where: { status: { eq: 'active' } } } },
  },
  form: [
    section('who', ['收件人', 'Recipient'], [['name', 'email']]),
    section('what', ['发送', 'Sending'], [['lang', 'when_sent', 'status']]),
  ],
});
