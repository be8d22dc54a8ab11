import { f, resource } from '../definition.ts';

export default resource('points_statements', {
  label: ['积分对账单', 'Points statement'],
  one: ['对账单', 'month'],
  group: 'points',
  icon: 'list',
  hidden: true,
  rows_only: true,
  table: 'app.points_entries',
  view: 'base.points_statements',
  title: 'month',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    month: f.text({ label: ['月份', 'Month'], readonly: true }),
    month_on: f.date({ label: ['月初', 'First of the month'], readonly: true }),
    opening: f.points({ label: ['期初余额', 'Opening'], readonly: true }),
    earned: f.points({ label: ['获得', 'Earned'], readonly: true, sum: true }),
    spent: f.points({ label: ['使用', 'Spent'], readonly: true, sum: true }),
    expired: f.points({ label: ['过期', 'Expired'], readonly: true, sum: true }),
    reversed: f.points({ label: ['追回', 'Taken back'], readonly: true, sum: true }),
    closing: f.points({
      label: ['期末余额', 'Closing'],
      readonly: true,
      help: ['可用积分减去欠账', 'Available points less what is owed'],
    }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['month', 'customer_id', 'opening', 'earned', 'spent', 'expired', 'reversed', 'closing'],
    sort: '-month_on',
  },
});
