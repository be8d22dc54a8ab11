import { choices, f, resource, section } from '../definition.ts';

export default resource('coupon_pools', {
  label: ['券码库', 'Pools of codes'],
  one: ['券码库', 'pool'],
  group: 'programme',
  order: 41,
  icon: 'database',
  table: 'app.coupon_templates',
  view: 'base.coupon_pools',
  title: ['name', 'name_en'],
  offers: 'rx',
  fields: {
    name: f.text({ label: ['优惠券', 'Coupon'], readonly: true, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], readonly: true, search: true }),
    template_id: f.ref({ label: ['优惠券模板', 'Template'], to: 'coupon_templates', readonly: true }),
    code_mode: f.choice({
      label: ['券码', 'Codes'],
      readonly: true,
      choices: choices({
        personal: ['无码，绑定客户账户', 'None, bound to the customer'],
        generated: ['按规则生成', 'Generated'],
        imported: ['导入券码库', 'Imported pool'],
      }),
    }),
    free: f.integer({ label: ['未使用', 'Free'], readonly: true, sum: true }),
    taken: f.integer({ label: ['已发出', 'Given out'], readonly: true, sum: true }),
    withdrawn: f.integer({ label: ['已作废', 'Withdrawn'], readonly: true, sum: true }),
    waiting: f.integer({ label: ['排队等待', 'Waiting'], readonly: true, sum: true }),
    waiting_since_at: f.datetime({ label: ['最早等待自', 'Waiting since'], readonly: true }),
    pool_warn_at: f.integer({ label: ['余量预警', 'Warn at'], readonly: true }),
    low: f.boolean({ label: ['需补码', 'To be refilled'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'code_mode', 'free', 'taken', 'waiting', 'waiting_since_at', 'pool_warn_at', 'low'],
    sort: 'id',
    scopes: { low: { label: ['需补码', 'To be refilled'], where: { low: { eq: true } }, home: 'warning' } },
    tones: { low: { label: ['需补码', 'To be refilled'], tone: 'warning', where: { low: { eq: true } } } },
  },
  form: [
    section(
      'pool',
      ['券码库', 'Pool'],
      [
        ['template_id', 'code_mode', 'low'],
        ['free', 'taken', 'withdrawn'],
        ['waiting', 'waiting_since_at', 'pool_warn_at'],
      ],
    ),
  ],
});
