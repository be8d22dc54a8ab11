import { f, resource, section } from '../definition.ts';

export default resource('tier_states', {
  label: ['客户等级', 'Tiers of customers'],
  one: ['客户等级', 'tier of a customer'],
  group: 'points',
  order: 28,
  icon: 'crown',
  view: 'base.tier_states',
  title: 'customer_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    tier_id: f.ref({ label: ['等级', 'Tier'], to: 'tiers', readonly: true }),
    entered_at: f.datetime({ label: ['进入时间', 'Since'], readonly: true }),
    valid_until_at: f.datetime({
      label: ['有效期至', 'Valid until'],
      readonly: true,
      help: ['届时按保级门槛复核；空表示长期有效', 'Looked at then by the retain threshold; for good when empty'],
    }),
    grace_until_at: f.datetime({
      label: ['宽限期至', 'Grace until'],
      readonly: true,
      help: ['期间达到保级门槛即可续期', 'Reaching the retain threshold meanwhile renews the tier'],
    }),
    reviewed_at: f.datetime({ label: ['最近复核', 'Last looked at'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'tier_id', 'entered_at', 'valid_until_at', 'grace_until_at'],
    sort: '-id',
    scopes: { grace: { label: ['宽限期内', 'In grace'], where: { grace_until_at: { notNull: true } } } },
  },
  form: [
    section(
      'now',
      ['当前', 'Now'],
      [
        ['customer_id', 'tier_id', 'entered_at'],
        ['valid_until_at', 'grace_until_at', 'reviewed_at'],
      ],
    ),
  ],
});
