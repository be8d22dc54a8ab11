import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';
import { CHANNELS } from '../outbox/channels.ts';
import { OLD_HOURS } from '../outbox/old-hours.ts';

const SMTP: Predicate = { kind: { eq: 'smtp' } };
const WEBHOOK: Predicate = { kind: { eq: 'webhook' } };
const OUT: Predicate = { kind: { ne: 'inbox' } };
const smtp = { showWhen: SMTP, whenHidden: 'clear' } as const;

export default resource('message_adapters', {
  label: ['消息渠道', 'Channels'],
  one: ['消息渠道', 'channel'],
  group: 'messages',
  order: 30,
  icon: 'api',
  view: 'base.message_adapters',
  title: ['name', 'name_en'],
  guard: 'guard_message_adapters',
  by_token: false,
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    channel: f.choice({ label: ['渠道', 'Channel'], required: true, frozen: true, choices: CHANNELS }),
    kind: f.choice({
      label: ['接入方式', 'Sent by'],
      required: true,
      frozen: true,
      choices: choices({
        inbox: ['站内信箱', 'In-site inbox'],
        smtp: ['SMTP 邮件服务器', 'SMTP server'],
        webhook: ['Webhook（HTTP）', 'Webhook'],
      }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'paused',
      choices: choices({ active: ['使用中', 'In use'], paused: ['暂停', 'Paused'] }),
      help: [
        '每个渠道同时只用一个；暂停时消息暂缓，恢复后发出',
        'One for each channel at a time; messages are held while it is paused',
      ],
    }),
    host: f.text({ label: ['服务器', 'Server'], max: 200, format: 'host', requiredWhen: SMTP, ...smtp }),
    port: f.integer({
      label: ['端口', 'Port'],
      plain: true,
      min: 1,
      max: 65_535,
      default: 587,
      requiredWhen: SMTP,
      ...smtp,
    }),
    security: f.choice({
      label: ['加密', 'Encryption'],
      default: 'starttls',
      requiredWhen: SMTP,
      ...smtp,
      choices: choices({ tls: ['TLS', 'TLS'], starttls: ['STARTTLS', 'STARTTLS'], none: ['不加密', 'None'] }),
    }),
    username: f.text({ label: ['用户名', 'User name'], max: 200, ...smtp }),
    from_name: f.text({ label: ['发件人名称', 'Sender’s name'], max: 100, ...smtp }),
    from_address: f.email({ label: ['发件人地址', 'Sender’s address'], requiredWhen: SMTP, ...smtp }),
    reply_to: f.email({ label: ['回复地址', 'Replies to'], ...smtp }),
    url: f.text({
      label: ['接收地址', 'Address'],
      max: 500,
      format: 'webhook',
      requiredWhen: WEBHOOK,
      showWhen: WEBHOOK,
      whenHidden: 'clear',
      help: [
        '以 POST 发送签名的 JSON，须为 https；保存后显示一次签名密钥，签名方式见操作手册',
        'Signed JSON is posted there, by https; the secret is shown once, when it is saved. The manual says how it is signed',
      ],
    }),
    timeout_seconds: f.integer({
      label: ['等待回应（秒）', 'Waits for an answer, seconds'],
      required: true,
      default: 10,
      min: 1,
      max: 60,
      showWhen: OUT,
      whenHidden: 'keep',
    }),
    max_attempts: f.integer({
      label: ['最多尝试次数', 'Attempts at most'],
      required: true,
      default: 8,
      min: 1,
      max: 30,
      showWhen: OUT,
      whenHidden: 'keep',
    }),
    retry_seconds: f.integer({
      label: ['首次重试间隔（秒）', 'First pause, seconds'],
      required: true,
      default: 30,
      min: 1,
      max: 86_400,
      showWhen: OUT,
      whenHidden: 'keep',
      help: ['之后每次加倍，最长 6 小时', 'Twice as long after each failure, up to six hours'],
    }),
    parallel: f.integer({
      label: ['同时发送', 'At the same time'],
      required: true,
      default: 8,
      min: 1,
      max: 50,
      showWhen: OUT,
      whenHidden: 'keep',
    }),
    secret_set_at: f.datetime({ label: ['密钥设置于', 'Secret set'], readonly: true }),
    old_secret_until_at: f.datetime({ label: ['旧密钥有效至', 'Old one signs until'], readonly: true }),
  },
  rules: [
    {
      name: 'inbox_is_in_site',
      when: {
        or: [
          { kind: { eq: 'inbox' }, channel: { eq: 'in_site' } },
          { kind: { ne: 'inbox' }, channel: { ne: 'in_site' } },
        ],
      },
      field: 'kind',
      message: [
        '站内消息由站内信箱接收，其他渠道不能使用',
        'The in-site inbox is for in-site messages, and they need no other',
      ],
    },
    {
      name: 'smtp_is_mail',
      when: { or: [{ kind: { ne: 'smtp' } }, { channel: { eq: 'email' } }] },
      field: 'kind',
      message: ['SMTP 只用于邮件', 'SMTP is for e-mail'],
    },
  ],
  access: { operator: 'r', manager: 'r' },
  list: {
    columns: ['name', 'channel', 'kind', 'url', 'host', 'secret_set_at', 'status'],
    sort: 'id',
    tones: {
      unsigned: {
        label: ['尚无签名密钥', 'No signing secret'],
        tone: 'warning',
        where: { kind: { eq: 'webhook' }, secret_set_at: { null: true } },
      },
      paused: { label: ['暂停', 'Paused'], tone: 'quiet', where: { status: { eq: 'paused' } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['name', 'name_en', 'code'],
        ['channel', 'kind', 'status'],
      ],
    ),
    section(
      'smtp',
      ['邮件服务器', 'Mail server'],
      [
        ['host', 'port', 'security'],
        ['username', 'from_name', 'from_address', 'reply_to'],
      ],
    ),
    section('webhook', ['Webhook', 'Webhook'], ['url']),
    section(
      'sending',
      ['发送', 'Sending'],
      [
        ['timeout_seconds', 'parallel'],
        ['max_attempts', 'retry_seconds'],
        ['secret_set_at', 'old_secret_until_at'],
      ],
    ),
  ],
  on_create: 'new_secret',
  actions: {
    set_password: {
      label: ['设置密码', 'Set the password'],
      handler: 'set_mail_password',
      scope: 'record',
      roles: [],
      allow: SMTP,
      input: {
        password: f.password({
          label: ['密码', 'Password'],
          required: true,
          help: ['加密保存，之后不再显示', 'Kept encrypted and never shown again'],
        }),
      },
    },
    new_secret: {
      label: ['更换签名密钥', 'New signing secret'],
      handler: 'new_signing_secret',
      scope: 'record',
      roles: [],
      allow: WEBHOOK,
      input: { old_hours: OLD_HOURS },
    },
  },
});
