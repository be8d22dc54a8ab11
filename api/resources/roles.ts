import { choices, f, resource, section } from '../definition.ts';

export default resource('roles', {
  label: ['角色', 'Roles'],
  one: ['角色', 'role'],
  group: 'system',
  icon: 'lock',
  view: 'base.roles',
  title: ['name_zh', 'name_en'],
  offers: 'crud',
  guard: 'guard_roles',
  by_token: false,
  fields: {
    name_zh: f.text({ label: ['名称（中文）', 'Name (Chinese)'], required: true, max: 40, search: true }),
    name_en: f.text({ label: ['名称（英文）', 'Name (English)'], required: true, max: 40, search: true }),
    code: f.text({
      label: ['编码', 'Code'],
      required: true,
      unique: true,
      frozen: true,
      max: 40,
      pattern: '^[a-z][a-z0-9_]{1,39}$',
      search: true,
      help: ['小写字母、数字与下划线；创建后不可更改', 'Small letters, digits and underscores; fixed once created'],
    }),
    base_role: f.choice({
      label: ['基于', 'Based on'],
      help: [
        '继承该内置角色的权限，再到“权限设置”中调整；内置角色为空',
        'It has the rights of this built-in role; adjust them under Permissions. Empty for built-in roles',
      ],
      choices: choices({
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        customer_service: ['客服', 'Customer service'],
        manager: ['管理层', 'Manager'],
        analyst: ['分析师', 'Analyst'],
        viewer: ['只读', 'Viewer'],
      }),
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 500 }),
    built_in: f.boolean({ label: ['内置', 'Built in'], readonly: true }),
    people: f.integer({ label: ['使用人数', 'People'], readonly: true }),
  },
  access: {},
  actions: {
    set_permissions: {
      label: ['调整权限', 'Change permissions'],
      handler: 'set_permissions',
      scope: 'record',
      roles: [],
      hidden: true,
      edits: true,
      input: {
        resource: f.text({ label: ['对象', 'Kind of record'], required: true, max: 60 }),
        change: f.longtext({ label: ['调整内容', 'Change'], required: true, max: 100_000 }),
        from_version: f.integer({ label: ['版本', 'Version'], required: true, min: 0 }),
      },
    },
  },
  list: {
    columns: ['name_zh', 'name_en', 'code', 'base_role', 'built_in', 'people'],
    sort: 'id',
    scopes: {
      built_in: { label: ['内置', 'Built in'], where: { built_in: { eq: true } } },
      own: { label: ['自定义', 'Custom'], where: { built_in: { eq: false } } },
    },
  },
  form: [
    section(
      'role',
      ['角色', 'Role'],
      [
        ['name_zh', 'name_en'],
        ['code', 'base_role'],
      ],
    ),
    section('about', ['说明', 'Description'], ['description']),
  ],
});
