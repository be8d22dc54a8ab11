import { REFUSALS } from '../coupon-refusals.ts';
import { choices, f, resource, section } from '../definition.ts';

export default resource('coupon_refusals', {
  label: ['优惠券拒绝记录', 'Coupons refused'],
  one: ['拒绝记录', 'refusal'],
  group: 'points',
  order: 42,
  icon: 'stop',
  view: 'base.coupon_refusals',
  title: 'external_id',
  offers: 'rx',
  fields: {
    external_id: f.text({ label: ['单号', 'No.'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    template_id: f.ref({ label: ['优惠券', 'Template'], to: 'coupon_templates', readonly: true }),
    asked: f.choice({
      label: ['请求', 'Asked'],
      readonly: true,
      choices: choices({
        issue: ['发放', 'To be issued'],
        claim: ['领取', 'To be claimed'],
        reserve: ['使用', 'To be used'],
        order: ['订单核销', 'By an order'],
      }),
    }),
    refusal: f.choice({ label: ['原因', 'Reason'], readonly: true, choices: choices(REFUSALS) }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    asked_at: f.datetime({ label: ['时间', 'At'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['asked_at', 'customer_id', 'template_id', 'asked', 'refusal', 'source', 'external_id'],
    sort: '-id',
  },
  form: [
    section(
      'refusal',
      ['拒绝', 'Refusal'],
      [
        ['customer_id', 'template_id'],
        ['asked', 'refusal', 'asked_at'],
        ['source', 'external_id'],
      ],
    ),
  ],
});
