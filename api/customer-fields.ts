/** What conditions ask about a customer as such, in whatever context: segments, earn rules. */
import type { PredicateContext } from './contract.ts';

export const CUSTOMER_FIELDS = {
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
  tags: { type: 'list', label: ['标签', 'Tags'] },
} as const satisfies PredicateContext['fields'];
