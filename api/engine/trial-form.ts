/** What a made-up fact is described by, and whose it is. Read by the route that checks it and by the page that asks for it. */
import type { Choices, Field, Predicate } from '../contract.ts';
import { CUSTOMER_FIELDS } from '../customer-fields.ts';
import { choices, f } from '../definition.ts';

const ORDER: Predicate = { kind: { eq: 'order' } };
const IMAGINARY: Predicate = { customer_id: { null: true } };
const EARLIER: Predicate = { and: [ORDER, IMAGINARY] };

export const FACT_FIELDS: { [name: string]: Field } = {
  kind: f.choice({
    label: ['发生什么', 'What happens'],
    required: true,
    default: 'order',
    choices: choices({ order: ['订单付款', 'An order is paid'], sign_up: ['入会', 'Somebody enrols'] }),
  }),
  at: f.datetime({
    label: ['时间', 'At'],
    help: ['不填为现在；也可以是将来', 'Now when left empty; it may lie ahead'],
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
  campaign_code: f.text({ label: ['活动编码', 'Campaign code'], max: 60, showWhen: ORDER, whenHidden: 'clear' }),
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
};

export const WHO_FIELDS: { [name: string]: Field } = {
  customer_id: f.ref({
    label: ['客户', 'Customer'],
    to: 'customers',
    showWhen: ORDER,
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
