import { f, resource, section } from '../definition.ts';

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
  },
  access: { operator: 'r', manager: 'r' },
  list: { columns: ['programme_name_zh', 'programme_name_en', 'time_zone', 'currency'], sort: 'id' },
  form: [
    section('name', ['名称', 'Name'], [['programme_name_zh', 'programme_name_en']]),
    section('place', ['时区与币种', 'Time zone and currency'], [['time_zone', 'currency']]),
    section('time', ['启动', 'Start'], ['started_on']),
    section('events', ['行为数据', 'Events'], ['event_months']),
    section('reach', ['触达频次', 'Contacts'], [['contact_cap', 'contact_cap_days']]),
  ],
});
