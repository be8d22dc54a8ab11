import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

/** A condition that asks something only of some benefits: it holds where the first part does not. */
const where = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });
const COUNTED: Predicate = { quota: { notNull: true } };
const MANUAL: Predicate = { fulfilment: { eq: 'manual' } };
const GIVES_COUPON: Predicate = { or: [{ kind: { in: ['coupon'] } }, { fulfilment: { eq: 'code' } }] };

export default resource('benefits', {
  label: ['权益', 'Benefits'],
  one: ['权益', 'benefit'],
  group: 'programme',
  order: 20,
  icon: 'gift',
  title: ['name', 'name_en'],
  guard: 'guard_benefits',
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    layer: f.choice({
      label: ['层级', 'Layer'],
      required: true,
      choices: choices({
        basic: ['基础权益', 'Basic'],
        advanced: ['进阶权益', 'Advanced'],
        emotional: ['情感权益', 'Emotional'],
        tier: ['等级权益', 'Tier'],
        custom: ['自定义权益', 'Custom'],
      }),
    }),
    kind: f.choice({
      label: ['权益内容', 'Kind'],
      required: true,
      choices: choices({
        points_exchange: ['积分兑换', 'Points exchange'],
        free_shipping: ['包邮', 'Free shipping'],
        gift: ['礼品', 'Gift'],
        coupon: ['优惠券', 'Coupon'],
        point_multiplier: ['积分加倍', 'Points multiplied'],
        discount: ['专属折扣', 'Discount'],
        exchange: ['免费换货', 'Free exchange'],
        early_access: ['新品优先', 'Early access'],
        sale_access: ['限时抢购资格', 'Flash-sale access'],
        service: ['专属服务', 'Service'],
        customisation: ['产品定制', 'Customised product'],
        event: ['品牌活动', 'Brand event'],
        story: ['用户故事', 'User story'],
        other: ['其他', 'Other'],
      }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({ draft: ['草稿', 'Draft'], active: ['使用中', 'Active'], retired: ['已停用', 'Retired'] }),
    }),
    point_multiplier: f.decimal({
      label: ['积分倍数', 'Points multiplier'],
      scale: 2,
      min: '0.01',
      max: '100',
      showWhen: { kind: { eq: 'point_multiplier' } },
      whenHidden: 'clear',
    }),
    discount_rate: f.rate({
      label: ['减免比例', 'Share off'],
      showWhen: { kind: { eq: 'discount' } },
      whenHidden: 'clear',
      help: ['20% 即打八折', '20% means a fifth is taken off'],
    }),
    quota: f.integer({
      label: ['可用次数', 'Quota'],
      min: 1,
      max: 10_000,
      help: ['每个周期内，留空为不限次数', 'Uses per period; unlimited when left empty'],
    }),
    quota_period: f.choice({
      requiredWhen: COUNTED,
      label: ['计次周期', 'Period'],
      showWhen: COUNTED,
      whenHidden: 'clear',
      choices: choices({
        month: ['每月', 'Month'],
        quarter: ['每季度', 'Quarter'],
        year: ['每年', 'Year'],
        lifetime: ['总计', 'Lifetime'],
      }),
    }),
    carry_over: f.boolean({
      label: ['未用次数结转', 'Carry over'],
      default: false,
      showWhen: COUNTED,
      whenHidden: 'keep',
      help: ['未用完的次数转入下一周期', 'What is left goes into the next period'],
    }),
    carry_over_cap: f.integer({
      label: ['最多结转次数', 'At most'],
      min: 1,
      max: 10_000,
      showWhen: { carry_over: { eq: true }, quota: { notNull: true } },
      whenHidden: 'clear',
      help: ['留空为全部结转', 'All of it when left empty'],
    }),
    tiers: f.refs({
      requiredWhen: { layer: { eq: 'tier' } },
      label: ['会员等级', 'Tiers'],
      to: 'tiers',
      options: { status: { eq: 'active' } },
      max: 50,
    }),
    segments: f.refs({
      label: ['客群', 'Segments'],
      to: 'segments',
      options: { in_force: { eq: true } },
      max: 50,
      help: [
        '属于任一等级或客群即可享有；都不选则人人可享',
        'Any of the tiers or segments is enough; everybody when none is chosen',
      ],
    }),
    customer_condition: f.predicate({
      label: ['其他条件', 'Further condition'],
      context: 'segment_customer',
      help: [
        '还须满足的客户条件，例如入会满 90 天',
        'What must be true of the customer as well, such as 90 days since enrolment',
      ],
    }),
    occasion: f.choice({
      label: ['时机', 'Occasion'],
      required: true,
      default: 'always',
      choices: choices({
        always: ['随时', 'Always'],
        birthday: ['生日当天', 'Birthday'],
        birthday_month: ['生日当月', 'Birthday month'],
        enrolment: ['入会后', 'After enrolment'],
        first_order: ['首单后', 'After the first order'],
        anniversary: ['入会周年', 'Anniversary of enrolment'],
        tier_upgrade: ['升级后', 'After an upgrade'],
      }),
    }),
    occasion_days: f.integer({
      requiredWhen: { occasion: { in: ['enrolment', 'first_order'] } },
      label: ['时机有效天数', 'Days after'],
      min: 1,
      max: 366,
      showWhen: { occasion: { in: ['enrolment', 'first_order', 'anniversary', 'tier_upgrade'] } },
      whenHidden: 'clear',
    }),
    starts_on: f.date({ label: ['开始日期', 'Starts on'] }),
    ends_on: f.date({
      label: ['结束日期', 'Ends on'],
      help: ['含当天，留空为长期', 'That day included; no end when left empty'],
    }),
    unit_cost: f.money({
      label: ['单次成本', 'Cost per use'],
      min: '0',
      access: { read: ['manager', 'operator', 'analyst'], write: ['manager', 'operator'] },
    }),
    fulfilment: f.choice({
      label: ['履约方式', 'Fulfilment'],
      required: true,
      default: 'automatic',
      choices: choices({
        automatic: ['系统自动', 'Automatic'],
        code: ['发放券码', 'Code'],
        manual: ['人工处理', 'By hand'],
      }),
    }),
    coupon_template_id: f.ref({
      requiredWhen: GIVES_COUPON,
      label: ['优惠券', 'Coupon'],
      to: 'coupon_templates',
      options: { status: { in: ['active', 'paused'] } },
      showWhen: { or: [GIVES_COUPON, { kind: { in: ['gift', 'free_shipping', 'points_exchange'] } }] },
      whenHidden: 'clear',
    }),
    owner_role: f.choice({
      requiredWhen: MANUAL,
      label: ['处理角色', 'Done by'],
      showWhen: MANUAL,
      whenHidden: 'clear',
      choices: choices({
        customer_service: ['客服', 'Customer service'],
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        manager: ['管理层', 'Manager'],
      }),
    }),
    handle_hours: f.integer({
      requiredWhen: MANUAL,
      label: ['处理时限（小时）', 'Within hours'],
      min: 1,
      max: 8760,
      showWhen: MANUAL,
      whenHidden: 'clear',
    }),
    remind_days: f.integer({
      label: ['到期提醒（天前）', 'Remind, days before'],
      min: 1,
      max: 366,
      showWhen: COUNTED,
      whenHidden: 'clear',
      help: [
        '周期结束前仍有剩余次数时提醒，留空不提醒',
        'When uses are left before the period ends; no reminder when left empty',
      ],
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
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'carry_needs_next_period',
      when: where({ carry_over: { eq: true }, quota: { notNull: true } }, { quota_period: { ne: 'lifetime' } }),
      field: 'carry_over',
      message: ['总计次数没有下一周期，不能结转', 'A lifetime quota has no next period to carry over to'],
    },
    {
      name: 'multiplier_needed',
      when: where({ kind: { eq: 'point_multiplier' } }, { point_multiplier: { gt: 1 } }),
      field: 'point_multiplier',
      message: ['请填写大于 1 的积分倍数', 'Fill in a multiplier above 1'],
    },
    {
      name: 'discount_needed',
      when: where({ kind: { eq: 'discount' } }, { discount_rate: { gt: 0, lt: 1 } }),
      field: 'discount_rate',
      message: ['减免比例须大于 0、小于 100%', 'The share off must be above 0 and below 100%'],
    },
    {
      name: 'ends_after_starts',
      when: where(
        { starts_on: { notNull: true }, ends_on: { notNull: true } },
        { ends_on: { gte: { $field: 'starts_on' } } },
      ),
      field: 'ends_on',
      message: ['结束日期不能早于开始日期', 'It must not end before it starts'],
    },
  ],
  access: {
    operator: 'crudix',
    manager: 'rx',
    reviewer: 'ru',
    customer_service: 'r',
    analyst: 'rx',
    viewer: 'r',
  },
  list: {
    columns: ['name', 'layer', 'kind', 'quota', 'quota_period', 'tiers', 'fulfilment', 'unit_cost', 'status'],
    sort: 'id',
    scopes: {
      active: { label: ['使用中', 'Active'], where: { status: { eq: 'active' } } },
      basic: { label: ['基础', 'Basic'], where: { layer: { eq: 'basic' } } },
      advanced: { label: ['进阶', 'Advanced'], where: { layer: { eq: 'advanced' } } },
      emotional: { label: ['情感', 'Emotional'], where: { layer: { eq: 'emotional' } } },
    },
    tones: {
      retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { status: { eq: 'retired' } } },
      over: { label: ['已到期', 'Over'], tone: 'warning', where: { ends_on: { lt: '$today' } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'layer', 'kind', 'status'], ['point_multiplier', 'discount_rate'], 'description'],
    ),
    section(
      'quota',
      ['次数', 'Quota'],
      [
        ['quota', 'quota_period'],
        ['carry_over', 'carry_over_cap'],
        ['remind_days', 'remind_channels'],
      ],
    ),
    section(
      'who',
      ['适用对象与时间', 'Who and when'],
      [['tiers', 'segments'], 'customer_condition', ['occasion', 'occasion_days'], ['starts_on', 'ends_on']],
    ),
    section(
      'fulfilment',
      ['履约与成本', 'Fulfilment and cost'],
      [
        ['fulfilment', 'coupon_template_id', 'unit_cost'],
        ['owner_role', 'handle_hours'],
      ],
    ),
  ],
});
