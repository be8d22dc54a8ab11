import { choices, f, resource, section } from '../definition.ts';
import { OLD_HOURS } from '../outbox/old-hours.ts';
import { TOPICS } from '../outbox/topics.ts';

export default resource('webhook_endpoints', {
  label: ['Webhook 订阅', 'Webhooks'],
  one: ['Webhook 订阅', 'webhook'],
  group: 'messages',
  order: 40,
  icon: 'api',
  view: 'base.webhook_endpoints',
  title: 'name',
  guard: 'guard_webhook_endpoints',
  by_token: false,
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, max: 80, search: true }),
    url: f.text({
      label: ['接收地址', 'Address'],
      required: true,
      max: 500,
      format: 'webhook',
      help: [
        '以 POST 发送签名的 JSON，须为 https；保存后显示一次签名密钥',
        'Signed JSON is posted there, by https; the secret that signs is shown once, when it is saved',
      ],
    }),
    topics: f.choices({ label: ['通知内容', 'Told of'], required: true, choices: TOPICS }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['使用中', 'Active'], paused: ['暂停', 'Paused'] }),
      help: [
        '暂停期间的通知保留，恢复后按顺序发出',
        'What happens while it is paused is kept, and sent in order afterwards',
      ],
    }),
    timeout_seconds: f.integer({
      label: ['等待回应（秒）', 'Waits for an answer, seconds'],
      required: true,
      default: 10,
      min: 1,
      max: 60,
    }),
    max_attempts: f.integer({
      label: ['最多尝试次数', 'Attempts at most'],
      required: true,
      default: 12,
      min: 1,
      max: 30,
    }),
    retry_seconds: f.integer({
      label: ['首次重试间隔（秒）', 'First pause, seconds'],
      required: true,
      default: 30,
      min: 1,
      max: 86_400,
      help: ['之后每次加倍，最长 6 小时', 'Twice as long after each failure, up to six hours'],
    }),
    waiting: f.integer({ label: ['待送达', 'Waiting'], readonly: true }),
    secret_set_at: f.datetime({ label: ['密钥设置于', 'Secret set'], readonly: true }),
    old_secret_until_at: f.datetime({ label: ['旧密钥有效至', 'Old one signs until'], readonly: true }),
  },
  access: { operator: 'r', manager: 'r' },
  list: {
    columns: ['name', 'url', 'topics', 'waiting', 'secret_set_at', 'status'],
    sort: 'id',
    tones: {
      unsigned: {
        label: ['尚无签名密钥，通知暂留', 'No signing secret: what happens is kept'],
        tone: 'warning',
        where: { secret_set_at: { null: true } },
      },
      paused: { label: ['暂停', 'Paused'], tone: 'quiet', where: { status: { eq: 'paused' } } },
    },
  },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'status'], 'url', 'topics']),
    section(
      'sending',
      ['发送', 'Sending'],
      [
        ['timeout_seconds', 'max_attempts', 'retry_seconds'],
        ['secret_set_at', 'old_secret_until_at', 'waiting'],
      ],
    ),
  ],
  children: [{ resource: 'webhook_deliveries', field: 'endpoint_id' }],
  on_create: 'new_secret',
  actions: {
    new_secret: {
      label: ['更换签名密钥', 'New signing secret'],
      handler: 'new_signing_secret',
      scope: 'record',
      roles: [],
      input: { old_hours: OLD_HOURS },
    },
  },
});
