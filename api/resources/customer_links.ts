import { f, resource } from '../definition.ts';

export default resource('customer_links', {
  label: ['合并记录', 'Merges'],
  one: ['合并', 'merge'],
  group: 'customers',
  icon: 'link',
  hidden: true,
  rows_only: true,
  table: 'app.customer_links',
  view: 'base.customer_links',
  title: 'external_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['被合并的客户', 'The duplicate'], to: 'customers', readonly: true }),
    external_id: f.text({ label: ['原客户编号', 'Its customer no.'], readonly: true }),
    survivor_id: f.ref({ label: ['并入', 'Into'], to: 'customers', readonly: true }),
    now_id: f.ref({ label: ['现在是', 'Now'], to: 'customers', readonly: true }),
    merged_at: f.datetime({ label: ['合并时间', 'Merged at'], readonly: true }),
    merged_by: f.ref({ label: ['合并人', 'By'], to: 'users', readonly: true }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true, max: 200 }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'r', viewer: 'r' },
  list: {
    columns: ['customer_id', 'external_id', 'survivor_id', 'merged_at', 'merged_by', 'reason'],
    sort: '-merged_at',
  },
});
