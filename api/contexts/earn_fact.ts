/** What earn rules ask about: the fact, when it was, and whose it is (api/engine/matches.ts holds the columns). */
import type { PredicateContext } from '../contract.ts';

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
    campaign_code: { type: 'text', label: ['活动编码', 'Campaign code'] },
    birthday: { type: 'boolean', label: ['生日当天', 'On the birthday'] },
    birthday_month: { type: 'boolean', label: ['生日当月', 'In the month of the birthday'] },
    enrolled_days: { type: 'integer', label: ['入会天数', 'Days since enrolment'] },
    gender: {
      type: 'text',
      label: ['性别', 'Gender'],
      choices: { female: ['女', 'Female'], male: ['男', 'Male'], other: ['其他', 'Other'] },
    },
    occupation: { type: 'text', label: ['职业', 'Occupation'] },
    province: { type: 'text', label: ['省份', 'Province'] },
    city: { type: 'text', label: ['城市', 'City'] },
    channel: {
      type: 'text',
      label: ['入会渠道', 'Enrolment channel'],
      choices: {
        online: ['线上商城', 'Online shop'],
        store: ['门店', 'Store'],
        wecom: ['企业微信', 'WeCom'],
        referral: ['转介绍', 'Referral'],
        import: ['数据导入', 'Import'],
      },
    },
    tier: { type: 'text', label: ['等级编码', 'Tier code'] },
    tags: { type: 'list', label: ['标签', 'Tags'] },
  },
};

export default context;
