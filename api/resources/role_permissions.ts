import { choices, f, resource } from '../definition.ts';

/** Written by the screen of permissions (api/routes/permissions.ts), which checks it against the definitions; here is its history. */
export default resource('role_permissions', {
  label: ['权限调整', 'Changed permissions'],
  one: ['权限调整', 'changed permission'],
  group: 'system',
  icon: 'lock',
  title: 'resource',
  offers: 'r',
  hidden: true,
  by_token: false,
  fields: {
    role: f.text({ label: ['角色', 'Role'], readonly: true }),
    resource: f.text({ label: ['对象', 'What'], readonly: true }),
    letters: f.text({ label: ['操作', 'Letters'], readonly: true }),
    rows_mode: f.choice({
      label: ['行范围', 'Rows'],
      readonly: true,
      choices: choices({
        default: ['默认', 'By default'],
        all: ['全部', 'All'],
        where: ['按条件', 'By condition'],
      }),
    }),
    rows_where: f.json({ label: ['行条件', 'Row condition'] }),
    fields: f.json({ label: ['字段', 'Fields'] }),
    actions: f.json({ label: ['专用操作', 'Actions'] }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true }),
    changed_by: f.ref({ label: ['修改人', 'Changed by'], to: 'users', readonly: true }),
    changed_at: f.datetime({ label: ['修改时间', 'Changed at'], readonly: true }),
  },
  access: {},
  list: {
    columns: ['role', 'resource', 'letters', 'rows_mode', 'reason', 'changed_by', 'changed_at'],
    sort: '-changed_at',
  },
});
