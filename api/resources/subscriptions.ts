import { type Predicate, ROLES, type Role } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const PEOPLE = ROLES.filter((role) => role !== 'administrator');
const DIGEST: Predicate = { frequency: { in: ['daily', 'weekly'] } };
const WEEKLY: Predicate = { frequency: { eq: 'weekly' } };

export default resource('subscriptions', {
  label: ['订阅', 'Subscriptions'],
  one: ['订阅', 'subscription'],
  group: 'reports',
  order: 14,
  icon: 'mail',
  view: 'base.subscriptions',
  title: ['name', 'name_en'],
  // Made by the button of a report, a metric or an area, which says what there is to subscribe to.
  offers: 'rud',
  by_token: false,
  guard: 'guard_subscriptions',
  fields: {
    user_id: f.ref({ label: ['订阅人', 'Who'], to: 'users', readonly: true }),
    about: f.choice({
      label: ['类型', 'What'],
      readonly: true,
      choices: choices({ report: ['报表', 'Report'], metric: ['指标', 'Metric'], area: ['分类', 'Area'] }),
    }),
    name: f.text({ label: ['内容', 'Subject'], readonly: true, search: true }),
    name_en: f.text({ label: ['内容（英文）', 'Subject (English)'], readonly: true, search: true }),
    target: f.text({ label: ['编码', 'Code'], readonly: true, search: true }),
    params: f.text({ label: ['报表参数', 'Parameters'], readonly: true }),
    channel: f.choice({
      label: ['渠道', 'By'],
      readonly: true,
      choices: choices({ email: ['邮件', 'E-mail'], webhook: ['Webhook', 'Webhook'] }),
    }),
    endpoint_id: f.ref({ label: ['Webhook', 'Webhook'], to: 'webhook_endpoints', readonly: true }),
    frequency: f.choice({
      label: ['频率', 'How often'],
      required: true,
      default: 'at_once',
      choices: choices({
        at_once: ['发生时立即', 'At once'],
        daily: ['每日汇总', 'Daily digest'],
        weekly: ['每周汇总', 'Weekly digest'],
      }),
    }),
    weekday: f.integer({
      label: ['星期几', 'Weekday'],
      min: 1,
      max: 7,
      help: ['1 为周一', '1 is Monday'],
      showWhen: WEEKLY,
      requiredWhen: WEEKLY,
      whenHidden: 'clear',
    }),
    hour: f.integer({
      label: ['几点', 'Hour'],
      min: 0,
      max: 23,
      help: ['按忠诚度计划的时区', 'By the programme’s clock'],
      showWhen: DIGEST,
      requiredWhen: DIGEST,
      whenHidden: 'clear',
    }),
    lang: f.choice({
      label: ['语言', 'Language'],
      required: true,
      default: 'zh',
      choices: choices({ zh: ['中文', 'Chinese'], en: ['英文', 'English'] }),
    }),
    when_quiet: f.choice({
      label: ['没有新内容时', 'When there is nothing new'],
      required: true,
      default: 'skip',
      choices: choices({ skip: ['不发送', 'Send nothing'], send: ['照常发送', 'Send all the same'] }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['启用', 'Active'], paused: ['暂停', 'Paused'] }),
    }),
    last_sent_at: f.datetime({ label: ['最近发送', 'Last sent'], readonly: true }),
  },
  access: { operator: 'rud', manager: 'rud', reviewer: 'rud', customer_service: 'rud', analyst: 'rud', viewer: 'rud' },
  rows: Object.fromEntries(PEOPLE.map((role) => [role, { user_id: { eq: '$me' } }])) as { [role in Role]?: Predicate },
  list: {
    columns: ['name', 'about', 'channel', 'frequency', 'hour', 'lang', 'status', 'last_sent_at', 'user_id'],
    sort: '-id',
    scopes: { mine: { label: ['我的订阅', 'Mine'], where: { user_id: { eq: '$me' } } } },
    tones: { paused: { label: ['暂停', 'Paused'], tone: 'quiet', where: { status: { eq: 'paused' } } } },
  },
  form: [
    section(
      'what',
      ['订阅内容', 'What'],
      [
        ['name', 'name_en'],
        ['about', 'target', 'params'],
        ['user_id', 'channel', 'endpoint_id'],
      ],
    ),
    section(
      'when',
      ['发送', 'Sending'],
      [
        ['frequency', 'weekday', 'hour'],
        ['lang', 'when_quiet', 'status'],
      ],
    ),
  ],
  children: [{ resource: 'subscription_deliveries', field: 'subscription_id' }],
});
