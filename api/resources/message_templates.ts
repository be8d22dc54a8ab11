import type { Pair, Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';
import { CATEGORIES, CHANNELS, type Channel } from '../outbox/channels.ts';

const HELP: Pair = [
  '可用 {{name}}、{{tier}}、{{points}}、{{customer_no}}、{{programme}}，其他变量在发送时给出；默认文字 {{name|朋友}}，链接 {{link:https://…}}',
  'There are {{name}}, {{tier}}, {{points}}, {{customer_no}} and {{programme}}; others are given when it is sent. Said otherwise: {{name|friend}}; links: {{link:https://…}}',
];
const shown = (channel: Channel): { showWhen: Predicate; whenHidden: 'keep' } => ({
  showWhen: { channels: { has: channel } },
  whenHidden: 'keep',
});
const subject = (channel: Channel, en = false) =>
  f.text({
    label: en ? ['英文标题', 'Subject in English'] : ['标题', 'Subject in Chinese'],
    max: 120,
    ...shown(channel),
    left_out: ['filter'],
  });
const body = (channel: Channel, max: number, en = false) =>
  f.longtext({
    label: en ? ['英文正文', 'Text in English'] : ['正文', 'Text in Chinese'],
    max,
    ...shown(channel),
    left_out: ['filter'],
    ...(en ? { help: ['留空则沿用中文', 'The Chinese one when left empty'] as const } : { help: HELP }),
  });

export default resource('message_templates', {
  label: ['消息模板', 'Message templates'],
  one: ['消息模板', 'message template'],
  group: 'messages',
  order: 10,
  icon: 'form',
  view: 'base.message_templates',
  title: ['name', 'name_en'],
  guard: 'guard_message_templates',
  impact: ['预览', 'Preview'],
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    category: f.choice({
      label: ['类别', 'Category'],
      required: true,
      default: 'marketing',
      choices: CATEGORIES,
      help: [
        '营销消息须有客户同意，并受触达上限与免打扰约束',
        'Marketing needs consent and keeps the caps and quiet hours',
      ],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({ draft: ['草稿', 'Draft'], active: ['使用中', 'Active'], retired: ['已停用', 'Retired'] }),
    }),
    channels: f.choices({ label: ['渠道', 'Channels'], required: true, choices: CHANNELS }),
    in_site_subject: subject('in_site'),
    in_site_body: body('in_site', 2000),
    in_site_subject_en: subject('in_site', true),
    in_site_body_en: body('in_site', 2000, true),
    email_subject: subject('email'),
    email_body: body('email', 20_000),
    email_subject_en: subject('email', true),
    email_body_en: body('email', 20_000, true),
    sms_body: body('sms', 500),
    sms_body_en: body('sms', 500, true),
    push_subject: subject('push'),
    push_body: body('push', 500),
    push_subject_en: subject('push', true),
    push_body_en: body('push', 500, true),
    wecom_body: body('wecom', 2000),
    wecom_body_en: body('wecom', 2000, true),
    community_body: body('community', 2000),
    community_body_en: body('community', 2000, true),
    preview_customer_id: f.ref({
      label: ['预览客户', 'Preview with'],
      to: 'customers',
      options: { status: { eq: 'active' } },
      left_out: ['filter', 'export'],
      help: ['用此客户的资料预览，留空为示例', 'The preview says their values; made-up ones when left empty'],
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
    number: f.integer({ label: ['版本', 'Version'], readonly: true }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'code', 'category', 'channels', 'number', 'status'],
    sort: 'id',
    scopes: {
      active: { label: ['使用中', 'Active'], where: { status: { eq: 'active' } } },
      marketing: { label: ['营销', 'Marketing'], where: { category: { eq: 'marketing' } } },
      service: { label: ['服务', 'Service'], where: { category: { eq: 'service' } } },
    },
    tones: { retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { status: { eq: 'retired' } } } },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['name', 'name_en'],
        ['code', 'category', 'status'],
        'channels',
        ['preview_customer_id', 'number'],
        'description',
      ],
    ),
    section('sms', ['短信', 'SMS'], [['sms_body', 'sms_body_en']]),
    section(
      'email',
      ['邮件', 'E-mail'],
      [
        ['email_subject', 'email_subject_en'],
        ['email_body', 'email_body_en'],
      ],
    ),
    section(
      'push',
      ['APP 推送', 'Push'],
      [
        ['push_subject', 'push_subject_en'],
        ['push_body', 'push_body_en'],
      ],
    ),
    section(
      'in_site',
      ['站内', 'In-site'],
      [
        ['in_site_subject', 'in_site_subject_en'],
        ['in_site_body', 'in_site_body_en'],
      ],
    ),
    section('wecom', ['企业微信', 'WeCom'], [['wecom_body', 'wecom_body_en']]),
    section('community', ['社群', 'Community'], [['community_body', 'community_body_en']]),
  ],
  children: [{ resource: 'messages', field: 'template_id' }],
  actions: {
    test: {
      label: ['测试发送', 'Send a test'],
      procedure: 'test_message',
      scope: 'record',
      roles: ['operator'],
      input: {
        channel: f.choice({ label: ['渠道', 'Channel'], required: true, choices: CHANNELS }),
        address: f.text({
          label: ['接收地址', 'To'],
          max: 200,
          pii: 'text',
          help: ['邮箱或手机号；留空则发给所选客户本人', 'An e-mail or phone; to the customer chosen when left empty'],
        }),
        customer_id: f.ref({
          label: ['以此客户的资料', 'With the values of'],
          to: 'customers',
          options: { status: { eq: 'active' } },
        }),
        variables: f.longtext({
          label: ['变量', 'Variables'],
          max: 2000,
          help: ['每行一个，写作 名称=值', 'One a line, as name=value'],
        }),
      },
    },
  },
});
