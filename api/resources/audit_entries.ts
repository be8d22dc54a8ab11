import { f, resource } from '../definition.ts';

export default resource('audit_entries', {
  label: ['操作日志', 'Audit log'],
  group: 'system',
  icon: 'audit',
  view: 'base.audit_entries',
  title: 'action',
  offers: 'rx',
  fields: {
    at: f.datetime({ label: ['时间', 'Time'], readonly: true }),
    actor: f.text({ label: ['操作人', 'Who'], readonly: true, search: true }),
    user_id: f.ref({ label: ['用户', 'User'], to: 'users', readonly: true }),
    token_id: f.ref({
      label: ['API 令牌', 'API token'],
      to: 'api_tokens',
      readonly: true,
      help: ['为空表示在控制台操作', 'Empty: done in the console'],
    }),
    action: f.text({ label: ['操作', 'Action'], readonly: true }),
    resource: f.text({ label: ['对象', 'What'], readonly: true }),
    record_id: f.integer({ label: ['记录编号', 'Record'], plain: true, readonly: true }),
    changed_fields: f.tags({
      label: ['涉及字段', 'Fields'],
      readonly: true,
      help: ['具体内容请在该记录的修改历史中查看', 'What changed is told by the history of the record'],
    }),
    reason: f.text({ label: ['原因', 'Reason'], readonly: true }),
    request_id: f.text({ label: ['请求编号', 'Request id'], readonly: true }),
  },
  access: {},
  list: { columns: ['at', 'actor', 'action', 'resource', 'record_id', 'changed_fields', 'reason'], sort: '-id' },
});
