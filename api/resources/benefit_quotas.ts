import { f, resource, section } from '../definition.ts';

export default resource('benefit_quotas', {
  label: ['剩余权益', 'Benefits left'],
  one: ['剩余权益', 'benefit left'],
  group: 'points',
  order: 37,
  icon: 'gift',
  hidden: true,
  view: 'base.benefit_quotas',
  title: 'usable_from',
  // Opened by the day, counted by uses.
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    benefit_id: f.ref({ label: ['权益', 'Benefit'], to: 'benefits', readonly: true }),
    package_id: f.ref({ label: ['权益包', 'Package'], to: 'benefit_packages', readonly: true }),
    tier_id: f.ref({ label: ['当时等级', 'Tier then'], to: 'tiers', readonly: true }),
    period_from: f.date({ label: ['周期开始', 'Period from'], readonly: true }),
    usable_from: f.date({ label: ['可用自', 'Usable from'], readonly: true }),
    usable_through: f.date({ label: ['可用至', 'Usable through'], readonly: true }),
    quota: f.integer({
      label: ['次数', 'Quota'],
      readonly: true,
      sum: true,
      help: ['空表示不限次数', 'Not limited when empty'],
    }),
    carried_over: f.integer({ label: ['结转', 'Carried over'], readonly: true, sum: true }),
    used: f.integer({ label: ['已用', 'Used'], readonly: true, sum: true }),
    reserved: f.integer({ label: ['预占', 'Reserved'], readonly: true, sum: true }),
    left_uses: f.integer({ label: ['剩余', 'Left'], readonly: true, sum: true }),
    usable: f.boolean({ label: ['当前可用', 'Usable now'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['benefit_id', 'package_id', 'quota', 'carried_over', 'used', 'reserved', 'left_uses', 'usable_through'],
    sort: '-id',
    where: { usable: { eq: true } },
    scopes: {
      usable: { label: ['当前可用', 'Usable now'], where: { usable: { eq: true } } },
      over: { label: ['已结束', 'Over'], where: { usable: { eq: false } } },
    },
    tones: {
      none: { label: ['已用完', 'Used up'], tone: 'quiet', where: { left_uses: { eq: 0 } } },
    },
  },
  form: [
    section(
      'left',
      ['剩余', 'Left'],
      [
        ['customer_id', 'benefit_id', 'package_id'],
        ['usable_from', 'usable_through', 'usable'],
        ['quota', 'carried_over', 'used', 'reserved', 'left_uses'],
        ['period_from', 'tier_id'],
      ],
    ),
  ],
});
