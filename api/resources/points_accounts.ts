import { f, resource, section } from '../definition.ts';

export default resource('points_accounts', {
  label: ['积分账户', 'Points accounts'],
  one: ['积分账户', 'points account'],
  group: 'points',
  order: 30,
  icon: 'wallet',
  view: 'base.points_accounts',
  title: 'customer_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    balance: f.points({
      label: ['积分余额', 'Balance'],
      readonly: true,
      help: ['可用积分减去欠账，可为负', 'Available points less what is owed; it may be negative'],
    }),
    pending: f.points({ label: ['待生效', 'Pending'], readonly: true, sum: true }),
    available: f.points({ label: ['可用', 'Available'], readonly: true, sum: true }),
    reserved: f.points({ label: ['预占', 'Reserved'], readonly: true, sum: true }),
    spent: f.points({ label: ['已使用', 'Spent'], readonly: true, sum: true }),
    expired: f.points({ label: ['已过期', 'Expired'], readonly: true, sum: true }),
    reversed: f.points({ label: ['已追回', 'Taken back'], readonly: true, sum: true }),
    debt: f.points({ label: ['欠账', 'Owed'], readonly: true, sum: true }),
    written_off: f.points({ label: ['已核销', 'Written off'], readonly: true, sum: true }),
    growth: f.points({ label: ['成长值', 'Growth value'], readonly: true }),
    last_at: f.datetime({ label: ['最近变动', 'Last fact'], readonly: true }),
    due_at: f.datetime({ label: ['下次生效或到期', 'Next due'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'balance', 'pending', 'available', 'reserved', 'spent', 'expired', 'growth', 'last_at'],
    sort: '-id',
    scopes: {
      owing: { label: ['有欠账', 'Owing'], where: { debt: { gt: 0 } } },
      pending: { label: ['有待生效', 'With pending points'], where: { pending: { gt: 0 } } },
    },
  },
  form: [
    section(
      'now',
      ['当前', 'Now'],
      [
        ['customer_id', 'balance', 'growth'],
        ['pending', 'available', 'reserved'],
        ['debt', 'last_at', 'due_at'],
      ],
    ),
    section('before', ['累计', 'So far'], [['spent', 'expired', 'reversed', 'written_off']]),
  ],
});
