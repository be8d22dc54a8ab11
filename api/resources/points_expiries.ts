import { f, resource } from '../definition.ts';

export default resource('points_expiries', {
  label: ['到期日历', 'Expiry calendar'],
  one: ['到期日', 'last day'],
  group: 'points',
  icon: 'calendar',
  hidden: true,
  rows_only: true,
  table: 'app.points_lots',
  view: 'base.points_expiries',
  title: 'last_on',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    last_on: f.date({ label: ['最后可用日', 'Last day'], readonly: true }),
    available: f.points({ label: ['可用', 'Available'], readonly: true, sum: true }),
    pending: f.points({ label: ['待生效', 'Pending'], readonly: true, sum: true }),
    reserved: f.points({ label: ['预占', 'Reserved'], readonly: true, sum: true }),
    lot_count: f.integer({ label: ['批次', 'Lots'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['last_on', 'customer_id', 'available', 'pending', 'reserved', 'lot_count'],
    sort: 'last_on',
    scopes: {
      soon: { label: ['未来 90 天', 'Next 90 days'], where: { last_on: { lt: '$today+90d' } } },
    },
  },
});
