import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

/** A condition that asks something only of some packages: it holds where the first part does not. */
const where = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });

export default resource('benefit_packages', {
  label: ['权益包', 'Benefit packages'],
  one: ['权益包', 'benefit package'],
  group: 'programme',
  order: 30,
  icon: 'box',
  view: 'base.benefit_packages',
  title: ['name', 'name_en'],
  guard: 'guard_benefit_packages',
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({ draft: ['草稿', 'Draft'], active: ['发放中', 'Active'], retired: ['已停用', 'Retired'] }),
      help: ['停用后不再发放，已发出的用到期满', 'Nothing more is granted; what was granted runs to its end'],
    }),
    grant_kind: f.choice({
      label: ['发放方式', 'Granted'],
      required: true,
      default: 'each_period',
      choices: choices({
        each_period: ['每个周期开始时', 'At the start of each period'],
        on_entry: ['进入等级或客群时', 'On entering a tier or segment'],
        manual: ['人工或活动发放', 'By hand or by a campaign'],
      }),
    }),
    period: f.choice({
      label: ['有效周期', 'Period'],
      required: true,
      default: 'quarter',
      choices: choices({
        month: ['自然月', 'Calendar month'],
        quarter: ['自然季度', 'Calendar quarter'],
        year: ['自然年', 'Calendar year'],
        days: ['发放后若干天', 'Days from the grant'],
      }),
    }),
    period_days: f.integer({
      requiredWhen: { period: { eq: 'days' } },
      label: ['天数', 'Days'],
      min: 1,
      max: 3660,
      showWhen: { period: { eq: 'days' } },
      whenHidden: 'clear',
    }),
    tiers: f.refs({ label: ['会员等级', 'Tiers'], to: 'tiers', max: 50, options: { status: { eq: 'active' } } }),
    segments: f.refs({
      label: ['客群', 'Segments'],
      to: 'segments',
      max: 50,
      options: { in_force: { eq: true } },
      help: ['属于任一等级或客群即发放', 'Any of the tiers or segments is enough'],
    }),
    starts_on: f.date({ label: ['开始发放', 'Starts on'] }),
    ends_on: f.date({
      label: ['停止发放', 'Ends on'],
      help: ['含当天，留空为长期', 'That day included; no end when left empty'],
    }),
    max_grants: f.integer({
      label: ['发放上限（份）', 'Grants at most'],
      min: 1,
      max: 100_000_000,
      help: ['每个周期的份数，留空为不限', 'In each period; no limit when left empty'],
    }),
    remind_days: f.integer({
      label: ['到期提醒（天前）', 'Remind, days before'],
      min: 1,
      max: 366,
      help: ['仍有未用权益时提醒，留空不提醒', 'When something is left; no reminder when left empty'],
    }),
    remind_channels: f.choices({
      requiredWhen: { remind_days: { notNull: true } },
      label: ['提醒渠道', 'Reminded by'],
      showWhen: { remind_days: { notNull: true } },
      whenHidden: 'clear',
      choices: choices({
        in_site: ['站内', 'In-site'],
        sms: ['短信', 'SMS'],
        email: ['邮件', 'E-mail'],
        push: ['APP 推送', 'Push'],
        wecom: ['企业微信', 'WeCom'],
        community: ['社群', 'Community'],
      }),
    }),
    items: f.rows({
      label: ['权益清单', 'Benefits'],
      table: 'app.benefit_package_items',
      by: 'package_id',
      max: 50,
      help: [
        '持有权益包的客户都可使用，不受权益自身适用对象的限制',
        'Whoever holds the package may use them, whatever tiers and segments they name by themselves',
      ],
      fields: {
        benefit_id: f.ref({
          label: ['权益', 'Benefit'],
          to: 'benefits',
          required: true,
          unique: true,
          options: { status: { eq: 'active' } },
        }),
        quota: f.integer({
          label: ['本包次数', 'Quota'],
          min: 1,
          max: 10_000,
          help: [
            '整个周期内，留空则按权益自身的次数',
            'In the whole period; as the benefit itself says when left empty',
          ],
        }),
        note: f.text({ label: ['备注', 'Note'], max: 200 }),
      },
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
    item_count: f.integer({ label: ['权益数', 'Benefits'], readonly: true }),
    grant_cost: f.money({
      label: ['每份最高成本', 'Cost per grant at most'],
      readonly: true,
      access: { read: ['manager', 'operator', 'analyst'] },
      help: [
        '限次权益全部用完时的成本；不限次的权益不计',
        'When every counted benefit is used up; unlimited ones are left out',
      ],
    }),
  },
  rules: [
    {
      name: 'period_to_start_with',
      when: where({ grant_kind: { eq: 'each_period' } }, { period: { ne: 'days' } }),
      field: 'period',
      message: [
        '按周期发放时须选择自然月、季度或年',
        'What is granted each period needs a calendar month, quarter or year',
      ],
    },
    {
      name: 'audience_needed',
      when: where(
        { grant_kind: { ne: 'manual' } },
        { or: [{ tiers: { notNull: true } }, { segments: { notNull: true } }] },
      ),
      field: 'segments',
      message: ['自动发放的权益包须选择等级或客群', 'What is granted by itself needs tiers or segments'],
    },
    {
      name: 'ends_after_starts',
      when: where(
        { starts_on: { notNull: true }, ends_on: { notNull: true } },
        { ends_on: { gte: { $field: 'starts_on' } } },
      ),
      field: 'ends_on',
      message: ['停止日期不能早于开始日期', 'It must not end before it starts'],
    },
  ],
  access: {
    operator: 'crudix',
    manager: 'rx',
    reviewer: 'r',
    customer_service: 'r',
    analyst: 'rx',
    viewer: 'r',
  },
  list: {
    columns: ['name', 'grant_kind', 'period', 'segments', 'tiers', 'item_count', 'grant_cost', 'status'],
    sort: 'id',
    scopes: {
      active: { label: ['发放中', 'Active'], where: { status: { eq: 'active' } } },
      drafts: { label: ['草稿', 'Drafts'], where: { status: { eq: 'draft' } } },
    },
    tones: {
      retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { status: { eq: 'retired' } } },
    },
  },
  form: [
    section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], ['code', 'status'], 'description']),
    section(
      'grant',
      ['发放', 'Grant'],
      [
        ['grant_kind', 'period', 'period_days'],
        ['tiers', 'segments'],
        ['starts_on', 'ends_on', 'max_grants'],
        ['remind_days', 'remind_channels'],
      ],
    ),
    section('items', ['权益清单', 'Benefits'], ['items']),
    section('sum', ['成本', 'Cost'], [['item_count', 'grant_cost']]),
  ],
  children: [{ resource: 'benefit_grants', field: 'package_id' }],
});
