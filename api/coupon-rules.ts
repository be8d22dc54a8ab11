/** What the fields of a coupon template must be to each other. */
import type { Predicate, RecordRule } from './contract.ts';

/** A condition that asks something only of some templates: it holds where the first part does not. */
const where = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });
/** Holds for templates of these kinds. */
export const kindIs = (...kinds: string[]): Predicate => ({ kind: { in: kinds } });

export const COUPON_RULES: RecordRule[] = [
  {
    name: 'threshold_above_amount',
    when: where({ kind: { eq: 'threshold' }, amount: { notNull: true } }, { min_spend: { gt: { $field: 'amount' } } }),
    field: 'min_spend',
    message: ['满减券的门槛须高于减免金额', 'The minimum spend must be above the amount off'],
  },
  {
    name: 'rate_needed',
    when: where(kindIs('percentage'), { discount_rate: { gt: 0, lt: 1 } }),
    field: 'discount_rate',
    message: ['减免比例须大于 0、小于 100%', 'The share off must be above 0 and below 100%'],
  },
  {
    name: 'cap_needed',
    when: where(kindIs('percentage'), { max_discount: { notNull: true } }),
    field: 'max_discount',
    message: [
      '折扣券须填写最高减免，以免大额订单超出预算',
      'A percentage needs its cap, or one large order exceeds the budget',
    ],
  },
  {
    name: 'gift_needed',
    when: where(kindIs('gift'), { or: [{ gift_product_id: { notNull: true } }, { gift_name: { notNull: true } }] }),
    field: 'gift_product_id',
    message: ['请选择赠送的商品，或填写赠品名称', 'Choose the gift, or write what it is'],
  },
  {
    name: 'dates_in_order',
    when: where(
      { valid_from_at: { notNull: true }, valid_until_at: { notNull: true } },
      { valid_until_at: { gt: { $field: 'valid_from_at' } } },
    ),
    field: 'valid_until_at',
    message: ['失效时间须晚于生效时间', 'It must end after it begins'],
  },
  {
    name: 'claim_in_order',
    when: where(
      { claim_from_at: { notNull: true }, claim_until_at: { notNull: true } },
      { claim_until_at: { gt: { $field: 'claim_from_at' } } },
    ),
    field: 'claim_until_at',
    message: ['领取截止须晚于领取开始', 'Claiming must end after it begins'],
  },
  {
    name: 'claim_within_validity',
    when: where(
      { claim_until_at: { notNull: true }, valid_until_at: { notNull: true } },
      { claim_until_at: { lte: { $field: 'valid_until_at' } } },
    ),
    field: 'claim_until_at',
    message: [
      '领取截止不能晚于失效时间，否则领到即过期',
      'Claiming must end by the end of validity, or coupons are claimed expired',
    ],
  },
  {
    name: 'code_needs_codes',
    when: where({ distribution: { eq: 'code' } }, { code_mode: { in: ['generated', 'imported'] } }),
    field: 'code_mode',
    message: ['凭码兑换的券须有券码', 'What is redeemed by code needs codes'],
  },
  {
    name: 'limits_in_order',
    when: where(
      { per_customer_limit: { notNull: true }, total_limit: { notNull: true } },
      { per_customer_limit: { lte: { $field: 'total_limit' } } },
    ),
    field: 'per_customer_limit',
    message: ['每人限领不能多于发放总量', 'A customer cannot have more than there are'],
  },
  {
    name: 'budget_for_one',
    when: where(
      { budget_amount: { notNull: true }, unit_cost: { notNull: true } },
      { budget_amount: { gte: { $field: 'unit_cost' } } },
    ),
    field: 'budget_amount',
    message: ['预算不足以支付一张券', 'The budget does not pay for one coupon'],
  },
];
