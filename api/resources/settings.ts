import type { Pair } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';
import { CHANNELS } from '../outbox/channels.ts';

const reminder = (label: Pair) =>
  f.ref({
    label,
    to: 'message_templates',
    options: { status: { eq: 'active' } },
    help: ['所用的消息模板，留空则不提醒', 'By this template; nobody is reminded when left empty'],
  });

export default resource('settings', {
  label: ['系统设置', 'Settings'],
  group: 'system',
  icon: 'setting',
  title: ['programme_name_zh', 'programme_name_en'],
  offers: 'ru',
  guard: 'guard_settings',
  fields: {
    programme_name_zh: f.text({ label: ['计划名称（中文）', 'Programme name (Chinese)'], required: true, max: 80 }),
    programme_name_en: f.text({ label: ['计划名称（英文）', 'Programme name (English)'], required: true, max: 80 }),
    time_zone: f.text({
      label: ['时区', 'Time zone'],
      required: true,
      max: 60,
      help: [
        '报表与规则中的“一天”以此为准，如 Asia/Shanghai；有订单等业务数据后不可更改',
        'What counts as a day in reports and rules, such as Asia/Shanghai; fixed once orders or other facts are stored',
      ],
    }),
    currency: f.text({
      label: ['币种', 'Currency'],
      required: true,
      pattern: '^[A-Z]{3}$',
      help: ['三位代码，如 CNY', 'Three letters, such as CNY'],
    }),
    started_on: f.date({
      label: ['计划启动日期', 'Programme began on'],
      help: ['阶段目标的月份由这一天起算', 'Stages of goals count their months from this day'],
    }),
    margin_rate: f.rate({
      label: ['毛利率', 'Margin'],
      required: true,
      default: '1',
      help: [
        '客户价值按净销售额乘以此比例计；100% 即直接看净销售额',
        'The value of a customer is this share of net sales; 100% counts the sales themselves',
      ],
    }),
    yearly_discount_rate: f.rate({
      label: ['年折现率', 'Yearly discount'],
      required: true,
      default: '0.1',
      help: ['一年后的 1 元比今天少值多少', 'By how much money in a year is worth less than today'],
    }),
    contact_cap: f.integer({
      label: ['触达上限（条）', 'Messages at most'],
      required: true,
      min: 1,
      max: 100,
      default: 3,
      help: ['每位客户在下列天数内最多收到的营销消息', 'To each customer within the days beside'],
    }),
    contact_cap_days: f.integer({
      label: ['触达上限的天数', 'Within days'],
      required: true,
      min: 1,
      max: 90,
      default: 7,
    }),
    contact_day_cap: f.integer({
      label: ['每日上限（条）', 'At most in a day'],
      min: 1,
      max: 100,
      help: ['留空则只按上面的天数限制', 'Only the cap over days holds when left empty'],
    }),
    contact_cap_by: f.choice({
      label: ['上限计算方式', 'Counted'],
      required: true,
      default: 'all',
      choices: choices({
        all: ['各渠道合计', 'All channels together'],
        channel: ['每个渠道分别计算', 'Each channel by itself'],
      }),
    }),
    contact_channels: f.choices({
      label: ['受限渠道', 'Channels that disturb'],
      choices: CHANNELS,
      help: ['免打扰时段与触达上限只对这些渠道生效', 'Quiet hours and caps are for these'],
    }),
    quiet_from: f.text({
      label: ['免打扰开始', 'Quiet from'],
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      help: [
        '计划时区的时间，如 22:00；留空为全天可发',
        'By the programme’s clock, such as 22:00; no quiet hours when left empty',
      ],
    }),
    quiet_until: f.text({
      label: ['免打扰结束', 'Quiet until'],
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      requiredWhen: { quiet_from: { notNull: true } },
      help: ['可跨过午夜，如 08:00', 'May be the next day, such as 08:00'],
    }),
    quiet_service: f.boolean({
      label: ['服务消息也遵守免打扰', 'Service messages keep quiet too'],
      default: false,
    }),
    consent_service: f.boolean({
      label: ['服务消息也须客户同意', 'Service messages need consent too'],
      default: false,
      help: ['关闭时，仅营销消息须有该渠道的同意', 'Only marketing needs the consent of its channel while off'],
    }),
    message_hold_hours: f.integer({
      label: ['暂缓的消息保留（小时）', 'Held messages are kept, hours'],
      required: true,
      min: 1,
      max: 720,
      default: 72,
      help: ['超过后不再发送', 'Dropped after it'],
    }),
    default_language: f.choice({
      label: ['消息默认语言', 'Language of messages'],
      required: true,
      default: 'zh',
      choices: choices({ zh: ['中文', 'Chinese'], en: ['英文', 'English'] }),
      help: ['客户资料未填语言时使用', 'For customers whose record says none'],
    }),
    points_reminder_id: reminder(['积分到期提醒', 'Reminds of points']),
    benefit_reminder_id: reminder(['权益到期提醒', 'Reminds of benefits']),
    coupon_reminder_id: reminder(['优惠券到期提醒', 'Reminds of coupons']),
    event_months: f.integer({
      label: ['行为数据保留月数', 'Months events are kept'],
      required: true,
      min: 1,
      max: 120,
      default: 24,
      help: [
        '浏览、点击、搜索等不参与积分的行为过期删除；签到、分享、评价、任务动作长期保留',
        'Views, clicks, searches and others that earn nothing are deleted after it; check-ins, shares, reviews and task actions stay',
      ],
    }),
    click_days: f.integer({
      label: ['页面点击保留天数', 'Days clicks on pages are kept'],
      required: true,
      min: 14,
      max: 730,
      default: 90,
      help: [
        '逐条的浏览与点击按月过期删除；按天、按周的汇总长期保留',
        'Single views and clicks go after it, by whole months; what they come to by day and week stays',
      ],
    }),
  },
  rules: [
    {
      name: 'quiet_hours_whole',
      when: {
        or: [
          { quiet_from: { null: true }, quiet_until: { null: true } },
          { quiet_from: { notNull: true }, quiet_until: { notNull: true, ne: { $field: 'quiet_from' } } },
        ],
      },
      field: 'quiet_until',
      message: ['免打扰须同时填写开始与结束，且不能相同', 'Quiet hours need a beginning and another end'],
    },
  ],
  access: { operator: 'r', manager: 'r' },
  list: { columns: ['programme_name_zh', 'programme_name_en', 'time_zone', 'currency'], sort: 'id' },
  form: [
    section('name', ['名称', 'Name'], [['programme_name_zh', 'programme_name_en']]),
    section('place', ['时区与币种', 'Time zone and currency'], [['time_zone', 'currency']]),
    section('time', ['启动', 'Start'], ['started_on']),
    section('events', ['行为数据', 'Events'], [['event_months', 'click_days']]),
    section('value', ['客户价值', 'Customer value'], [['margin_rate', 'yearly_discount_rate']]),
    section(
      'reach',
      ['触达频次', 'Contacts'],
      [['contact_cap', 'contact_cap_days', 'contact_day_cap'], ['contact_cap_by'], 'contact_channels'],
    ),
    section(
      'quiet',
      ['免打扰与消息', 'Quiet hours and messages'],
      [
        ['quiet_from', 'quiet_until', 'message_hold_hours'],
        ['quiet_service', 'consent_service', 'default_language'],
        ['points_reminder_id', 'benefit_reminder_id', 'coupon_reminder_id'],
      ],
    ),
  ],
});
