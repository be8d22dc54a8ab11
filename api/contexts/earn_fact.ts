/** What earn rules ask about: the fact, when it was, and whose it is (api/engine/matches.ts holds the columns). */
import type { PredicateContext } from '../contract.ts';
import { CUSTOMER_FIELDS } from '../customer-fields.ts';

const context: PredicateContext = {
  name: 'earn_fact',
  custom_of: 'customers',
  fields: {
    amount: { type: 'decimal', label: ['订单金额', 'Order amount'] },
    order_channel: {
      type: 'text',
      label: ['下单渠道', 'Order channel'],
      choices: { online: ['线上', 'Online'], store: ['门店', 'Store'] },
    },
    first_order: { type: 'boolean', label: ['首单', 'First order'] },
    coupon_used: { type: 'boolean', label: ['使用了优惠券', 'A coupon was used'] },
    event_channel: { type: 'text', label: ['行为渠道', 'Channel of the event'] },
    rating: { type: 'integer', label: ['评分', 'Rating'] },
    sold: { type: 'boolean', label: ['分享带来他人的订单', 'The share led to somebody’s order'] },
    event_product: { type: 'text', label: ['行为涉及的商品编码', 'SKU of the event'] },
    event_category: { type: 'text', label: ['行为涉及的品类', 'Category of the event'] },
    task_code: { type: 'text', label: ['任务编码', 'Task'] },
    campaign_code: { type: 'text', label: ['活动编码', 'Campaign code'] },
    birthday: { type: 'boolean', label: ['生日当天', 'On the birthday'] },
    birthday_month: { type: 'boolean', label: ['生日当月', 'In the month of the birthday'] },
    enrolled_days: { type: 'integer', label: ['入会天数', 'Days since enrolment'] },
    ...CUSTOMER_FIELDS,
    tier: { type: 'text', label: ['等级编码', 'Tier code'] },
  },
};

export default context;
