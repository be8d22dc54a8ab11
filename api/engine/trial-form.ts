/** What a made-up fact is described by, and whose it is. Read by the route that checks it and by the page that asks for it. */
import type { Choices, Field, Predicate, RecordRule } from '../contract.ts';
import { CUSTOMER_FIELDS } from '../customer-fields.ts';
import { choices, f } from '../definition.ts';
import { EVENT_FACTS, EVENT_FIELDS } from '../facts/fields.ts';

const of = (...kinds: string[]): Predicate => ({ kind: { in: kinds } });
const REFUND = of('refund');
const REDEEM = of('redeem');
const CANCEL = of('cancel');
/** The order that is placed, or the one that a refund is about where no stored one is named. */
const ORDER: Predicate = { or: [of('order'), { and: [REFUND, { order_id: { null: true } }] }] };
const MADE_BEFORE: Predicate = { and: [REFUND, { order_id: { null: true } }] };
const BY_LINE: Predicate = { and: [REFUND, { refund_by: { eq: 'line' } }] };
const BY_AMOUNT: Predicate = { and: [REFUND, { refund_by: { eq: 'amount' } }] };
const BY_POINTS: Predicate = { or: [of('adjust'), { and: [REDEEM, { reward_id: { null: true } }] }] };
const SOMEBODY: Predicate = { and: [{ not: of('sign_up', 'cancel') }, { order_id: { null: true } }] };
const IMAGINARY: Predicate = {
  and: [{ customer_id: { null: true } }, { order_id: { null: true } }, { not: CANCEL }],
};
const EARLIER: Predicate = { and: [IMAGINARY, { not: of('sign_up') }] };

export const FACT_FIELDS: { [name: string]: Field } = {
  kind: f.choice({
    label: ['发生什么', 'What happens'],
    required: true,
    default: 'order',
    choices: choices({
      order: ['订单付款', 'An order is paid'],
      refund: ['退货退款', 'An order is refunded'],
      sign_up: ['入会', 'Somebody enrols'],
      ...EVENT_FACTS,
      redeem: ['积分兑换', 'Points are redeemed'],
      cancel: ['取消兑换', 'A redemption is cancelled'],
      adjust: ['人工调整积分', 'Staff adjust points'],
    }),
  }),
  at: f.datetime({
    label: ['时间', 'At'],
    help: ['不填为现在；也可以是将来', 'Now when left empty; it may lie ahead'],
  }),
  order_id: f.ref({
    label: ['原订单', 'Of the order'],
    to: 'orders',
    showWhen: REFUND,
    whenHidden: 'clear',
    help: ['不选则先假设下面这笔订单', 'When none is chosen, the order below is placed first'],
  }),
  order_at: f.datetime({
    label: ['下单时间', 'Ordered at'],
    showWhen: MADE_BEFORE,
    whenHidden: 'clear',
    help: ['不填为退货前一天', 'A day before the refund when left empty'],
  }),
  amount: f.money({
    label: ['订单金额', 'Order amount'],
    min: '0',
    max: '10000000',
    showWhen: ORDER,
    requiredWhen: ORDER,
    whenHidden: 'clear',
  }),
  order_channel: f.choice({
    label: ['下单渠道', 'Order channel'],
    default: 'online',
    showWhen: ORDER,
    whenHidden: 'clear',
    choices: choices({ online: ['线上', 'Online'], store: ['门店', 'Store'] }),
  }),
  coupon_used: f.boolean({
    label: ['使用了优惠券', 'A coupon was used'],
    default: false,
    showWhen: ORDER,
    whenHidden: 'keep',
  }),
  rating: f.integer({
    label: EVENT_FIELDS.rating!.label,
    min: 1,
    max: 5,
    default: 5,
    showWhen: of('review'),
    requiredWhen: of('review'),
    whenHidden: 'clear',
  }),
  task_code: f.text({
    label: EVENT_FIELDS.task_code!.label,
    max: 60,
    pattern: '^[A-Za-z0-9_.-]+$',
    showWhen: of('task_action'),
    requiredWhen: of('task_action'),
    whenHidden: 'clear',
  }),
  sold: f.boolean({
    label: ['带来了他人的订单', 'It led to somebody else’s order'],
    default: true,
    showWhen: of('share'),
    whenHidden: 'keep',
  }),
  product_id: f.ref({
    label: ['商品', 'Product'],
    to: 'products',
    showWhen: of('share', 'review'),
    whenHidden: 'clear',
  }),
  event_channel: f.text({
    label: EVENT_FIELDS.channel!.label,
    max: 40,
    showWhen: of(...Object.keys(EVENT_FACTS)),
    whenHidden: 'clear',
  }),
  campaign_code: f.text({
    label: ['活动编码', 'Campaign code'],
    max: 60,
    showWhen: { or: [ORDER, of('share', 'task_action')] },
    whenHidden: 'clear',
  }),
  lines: f.items({
    label: ['订单明细', 'Lines'],
    help: [
      '只有限定品类或商品的规则需要；各行按金额分摊订单金额',
      'Only rules for certain goods need them; they share the order amount in proportion',
    ],
    max: 20,
    default: [],
    showWhen: ORDER,
    whenHidden: 'clear',
    fields: {
      product_id: f.ref({ label: ['商品', 'Product'], to: 'products' }),
      category: f.text({ label: ['或品类', 'or category'], max: 60 }),
      amount: f.money({ label: ['金额', 'Amount'], min: '0.01', max: '10000000', required: true }),
    },
  }),
  refund_by: f.choice({
    label: ['退款方式', 'Refunded'],
    default: 'whole',
    showWhen: REFUND,
    requiredWhen: REFUND,
    whenHidden: 'clear',
    choices: choices({
      whole: ['整单（或剩余部分）', 'Whole, or what is left'],
      line: ['按明细行', 'One of its lines'],
      amount: ['按金额', 'An amount'],
    }),
  }),
  refund_line: f.integer({
    label: ['第几行', 'Line no.'],
    min: 1,
    max: 10_000,
    showWhen: BY_LINE,
    requiredWhen: BY_LINE,
    whenHidden: 'clear',
  }),
  refund_quantity: f.integer({
    label: ['件数', 'Quantity'],
    min: 1,
    max: 1_000_000_000,
    showWhen: BY_LINE,
    whenHidden: 'clear',
    help: ['不填为整行', 'The whole line when left empty'],
  }),
  refund_amount: f.money({
    label: ['退款金额', 'Amount refunded'],
    min: '0.01',
    max: '10000000',
    showWhen: BY_AMOUNT,
    requiredWhen: BY_AMOUNT,
    whenHidden: 'clear',
  }),
  redemption_id: f.ref({
    label: ['兑换单', 'Redemption'],
    to: 'redemptions',
    showWhen: CANCEL,
    requiredWhen: CANCEL,
    whenHidden: 'clear',
  }),
  reward_id: f.ref({
    label: ['兑换商品', 'Reward'],
    to: 'rewards',
    showWhen: REDEEM,
    whenHidden: 'clear',
    help: ['不选则直接抵扣积分', 'Points as such when none is chosen'],
  }),
  quantity: f.integer({
    label: ['数量', 'Quantity'],
    default: 1,
    min: 1,
    max: 1_000_000,
    showWhen: { and: [REDEEM, { reward_id: { notNull: true } }] },
    whenHidden: 'clear',
  }),
  points: f.integer({
    label: ['积分', 'Points'],
    min: -1_000_000,
    max: 1_000_000_000,
    showWhen: BY_POINTS,
    requiredWhen: BY_POINTS,
    whenHidden: 'clear',
    help: ['人工调整可为负数，表示扣减', 'Staff take points with a negative number'],
  }),
  confirm: f.boolean({
    label: ['直接确认', 'Spend at once'],
    default: true,
    showWhen: REDEEM,
    whenHidden: 'keep',
  }),
};

export const FACT_RULES: readonly RecordRule[] = [
  {
    name: 'points_not_zero',
    when: { or: [{ points: { null: true } }, { points: { ne: 0 } }] },
    field: 'points',
    message: ['不能为 0', 'It must not be 0'],
  },
  {
    name: 'redeemed_points_positive',
    when: { or: [{ not: REDEEM }, { points: { null: true } }, { points: { gt: 0 } }] },
    field: 'points',
    message: ['兑换的积分须大于 0', 'What is redeemed must be more than 0'],
  },
];

export const WHO_FIELDS: { [name: string]: Field } = {
  customer_id: f.ref({
    label: ['客户', 'Customer'],
    to: 'customers',
    showWhen: SOMEBODY,
    whenHidden: 'clear',
    help: ['不选则为假想的客户', 'An imaginary one when none is chosen'],
  }),
  enrolled_on: f.date({ label: ['入会日期', 'Enrolled on'], showWhen: EARLIER, whenHidden: 'clear' }),
  tier_id: f.ref({ label: ['等级', 'Tier'], to: 'tiers', showWhen: EARLIER, whenHidden: 'clear' }),
  birth_on: f.date({ label: ['生日', 'Birthday'], showWhen: IMAGINARY, whenHidden: 'clear' }),
  gender: f.choice({
    label: CUSTOMER_FIELDS.gender.label,
    showWhen: IMAGINARY,
    whenHidden: 'clear',
    choices: CUSTOMER_FIELDS.gender.choices as Choices,
  }),
  province: f.text({ label: CUSTOMER_FIELDS.province.label, max: 40, showWhen: IMAGINARY, whenHidden: 'clear' }),
  city: f.text({ label: CUSTOMER_FIELDS.city.label, max: 40, showWhen: IMAGINARY, whenHidden: 'clear' }),
  occupation: f.text({ label: CUSTOMER_FIELDS.occupation.label, max: 60, showWhen: IMAGINARY, whenHidden: 'clear' }),
  channel: f.choice({
    label: CUSTOMER_FIELDS.channel.label,
    default: 'online',
    showWhen: IMAGINARY,
    whenHidden: 'clear',
    choices: CUSTOMER_FIELDS.channel.choices as Choices,
  }),
  tags: f.tags({ label: CUSTOMER_FIELDS.tags.label, showWhen: IMAGINARY, whenHidden: 'clear' }),
};
