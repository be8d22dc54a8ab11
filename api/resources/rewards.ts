import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const kindIs = (kind: string): Predicate => ({ kind: { eq: kind } });
const of = (kind: string) => ({ showWhen: kindIs(kind), whenHidden: 'clear' }) as const;

export default resource('rewards', {
  label: ['兑换商品', 'Rewards'],
  one: ['兑换商品', 'reward'],
  group: 'points',
  order: 33,
  icon: 'gift',
  view: 'base.rewards',
  title: ['name', 'name_en'],
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      required: true,
      default: 'goods',
      choices: choices({
        goods: ['实物', 'Goods'],
        coupon: ['优惠券', 'Coupon'],
        benefit: ['权益', 'Benefit'],
        ticket: ['抽奖券', 'Lottery ticket'],
        partner: ['合作方积分', "Partner's currency"],
      }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'draft',
      choices: choices({
        draft: ['草稿', 'Draft'],
        active: ['可兑换', 'Active'],
        paused: ['暂停', 'Paused'],
        retired: ['已下架', 'Retired'],
      }),
      help: ['暂停与下架不影响已预占的兑换', 'What is reserved already can still be confirmed'],
    }),
    points: f.points({ label: ['所需积分', 'Points'], required: true, min: 1, max: 1_000_000_000 }),
    prices: f.rows({
      label: ['等级价', 'Prices by tier'],
      table: 'app.reward_prices',
      by: 'reward_id',
      max: 50,
      help: ['未列出的等级按所需积分兑换', 'A tier that is not listed pays the price above'],
      fields: {
        tier_id: f.ref({
          label: ['等级', 'Tier'],
          to: 'tiers',
          required: true,
          unique: true,
          options: { status: { eq: 'active' } },
        }),
        points: f.points({ label: ['所需积分', 'Points'], required: true, min: 1, max: 1_000_000_000 }),
      },
    }),
    product_id: f.ref({ label: ['商品', 'Product'], to: 'products', ...of('goods') }),
    coupon_template_id: f.ref({
      label: ['优惠券', 'Coupon'],
      to: 'coupon_templates',
      requiredWhen: kindIs('coupon'),
      ...of('coupon'),
    }),
    benefit_id: f.ref({
      label: ['权益', 'Benefit'],
      to: 'benefits',
      requiredWhen: kindIs('benefit'),
      ...of('benefit'),
    }),
    partner: f.text({
      label: ['合作方', 'Partner'],
      max: 60,
      requiredWhen: kindIs('partner'),
      ...of('partner'),
    }),
    partner_unit: f.text({
      label: ['合作方单位', 'Unit'],
      max: 20,
      requiredWhen: kindIs('partner'),
      help: ['如里程、酒店积分', 'Miles, hotel points'],
      ...of('partner'),
    }),
    partner_units: f.integer({
      label: ['每份兑得', 'Units for one'],
      min: 1,
      max: 1_000_000_000,
      requiredWhen: kindIs('partner'),
      ...of('partner'),
    }),
    settlement_price: f.decimal({
      label: ['结算单价', 'Settlement price'],
      scale: 4,
      min: '0',
      max: '1000000',
      help: ['每一单位付给合作方的金额（元）', 'Money to the partner for one unit'],
      ...of('partner'),
    }),
    stock: f.integer({
      label: ['总份数', 'Stock'],
      min: 0,
      max: 1_000_000_000,
      help: [
        '留空：实物按商品库存扣减，其他不限量',
        'Empty: goods take from the stock of their product, others have no end',
      ],
    }),
    reserved: f.integer({ label: ['已预占', 'Reserved'], readonly: true }),
    taken: f.integer({ label: ['已兑换', 'Redeemed'], readonly: true }),
    left_count: f.integer({
      label: ['剩余', 'Left'],
      readonly: true,
      help: ['空为不限量', 'Empty: without end'],
    }),
    max_quantity: f.integer({
      label: ['单次上限', 'At most at a time'],
      required: true,
      default: 1,
      min: 1,
      max: 1_000_000,
    }),
    customer_limit: f.integer({ label: ['每位客户上限', 'For each customer'], min: 1, max: 1_000_000 }),
    limit_period: f.choice({
      label: ['上限周期', 'In each'],
      required: true,
      default: 'lifetime',
      showWhen: { customer_limit: { notNull: true } },
      whenHidden: 'keep',
      choices: choices({
        day: ['自然日', 'Day'],
        month: ['自然月', 'Calendar month'],
        quarter: ['自然季度', 'Calendar quarter'],
        year: ['自然年', 'Calendar year'],
        lifetime: ['累计', 'Lifetime'],
      }),
    }),
    tiers: f.refs({ label: ['会员等级', 'Tiers'], to: 'tiers', max: 50, options: { status: { eq: 'active' } } }),
    segments: f.refs({
      label: ['客群', 'Segments'],
      to: 'segments',
      max: 50,
      options: { in_force: { eq: true } },
      help: [
        '属于任一等级或客群即可兑换，都不选为不限',
        'Any of the tiers or segments is enough; everybody when none is chosen',
      ],
    }),
    starts_at: f.datetime({ label: ['开始兑换', 'Starts at'] }),
    ends_at: f.datetime({ label: ['结束兑换', 'Ends at'] }),
    unit_cost: f.money({ label: ['单份成本', 'Cost of one'], min: '0' }),
    budget_id: f.ref({
      label: ['预算', 'Budget'],
      to: 'budgets',
      options: { status: { eq: 'active' } },
      help: ['成本计入该预算，预算用完即不能兑换', 'It pays the cost; when it is used up nothing can be redeemed'],
    }),
    cost_kind: f.costKind({
      required: true,
      default: 'promotion',
      showWhen: { budget_id: { notNull: true } },
      whenHidden: 'keep',
    }),
    handle_hours: f.integer({
      label: ['交付时限（小时）', 'Handed over in hours'],
      min: 1,
      max: 8760,
      help: ['确认后多久内交付，超时会提醒', 'After the confirmation; what is late is shown at home'],
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  rules: [
    {
      name: 'ends_after_start',
      when: {
        or: [{ ends_at: { null: true } }, { starts_at: { null: true } }, { ends_at: { gt: { $field: 'starts_at' } } }],
      },
      field: 'ends_at',
      message: ['结束时间须晚于开始时间', 'It must end after it starts'],
    },
  ],
  access: {
    operator: 'crudix',
    manager: 'crudix',
    customer_service: 'r',
    reviewer: 'r',
    analyst: 'rx',
    viewer: 'r',
  },
  list: {
    columns: ['name', 'kind', 'status', 'points', 'left_count', 'stock', 'reserved', 'taken', 'ends_at'],
    sort: 'points',
    scopes: {
      active: { label: ['可兑换', 'Active'], where: { status: { eq: 'active' } } },
      sold_out: {
        label: ['已兑完', 'Sold out'],
        where: { status: { eq: 'active' }, left_count: { lte: 0 } },
        home: 'warning',
      },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'kind', 'status'], ['starts_at', 'ends_at'], 'description'],
    ),
    section(
      'what',
      ['兑换内容', 'What is given'],
      [
        ['product_id', 'coupon_template_id', 'benefit_id'],
        ['partner', 'partner_unit'],
        ['partner_units', 'settlement_price'],
        'handle_hours',
      ],
    ),
    section('price', ['价格', 'Price'], ['points', 'prices']),
    section('who', ['适用对象', 'For whom'], [['tiers', 'segments']]),
    section('cost', ['成本', 'Cost'], [['unit_cost', 'budget_id', 'cost_kind']]),
    section(
      'limits',
      ['库存与限量', 'Stock and limits'],
      [
        ['stock', 'max_quantity'],
        ['customer_limit', 'limit_period'],
        ['reserved', 'taken', 'left_count'],
      ],
    ),
  ],
  children: [{ resource: 'redemptions', field: 'reward_id' }],
});
