import { choices, f, resource, section } from '../definition.ts';

const ADMINISTRATORS = { read: [], write: [] } as const;

export default resource('users', {
  label: ['用户', 'Users'],
  one: ['用户', 'user'],
  group: 'system',
  icon: 'team',
  title: 'name',
  guard: 'guard_users',
  by_token: false,
  fields: {
    name: f.text({ label: ['姓名', 'Name'], required: true, max: 80, search: true }),
    email: f.email({
      label: ['邮箱', 'E-mail'],
      access: ADMINISTRATORS,
      required: true,
      unique: true,
      search: true,
      help: ['用于登录', 'What they sign in with'],
    }),
    password: f.password({
      label: ['密码', 'Password'],
      access: ADMINISTRATORS,
      help: ['至少 10 个字符；编辑时留空则不修改', 'At least 10 characters; left empty, it stays as it is'],
    }),
    roles: f.choices({
      label: ['角色', 'Roles'],
      access: ADMINISTRATORS,
      required: true,
      choices: choices({
        administrator: ['系统管理员', 'Administrator'],
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        customer_service: ['客服', 'Customer service'],
        manager: ['管理层', 'Manager'],
        analyst: ['分析师', 'Analyst'],
        viewer: ['只读', 'Viewer'],
      }),
    }),
    pii: f.boolean({
      label: ['可查看个人信息', 'Sees personal data'],
      access: ADMINISTRATORS,
      default: false,
      help: ['可查看未脱敏的手机号与邮箱', 'Phone numbers and e-mail addresses are shown in full'],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      access: ADMINISTRATORS,
      required: true,
      default: 'active',
      choices: choices({ active: ['正常', 'Active'], disabled: ['已停用', 'Disabled'] }),
    }),
    lang: f.choice({
      label: ['界面语言', 'Language'],
      access: ADMINISTRATORS,
      required: true,
      default: 'zh',
      choices: choices({ zh: ['简体中文', 'Simplified Chinese'], en: ['英文', 'English'] }),
    }),
    last_sign_in_at: f.datetime({ label: ['最近登录', 'Last sign-in'], access: ADMINISTRATORS, readonly: true }),
    created_at: f.datetime({ label: ['创建时间', 'Created at'], access: ADMINISTRATORS, readonly: true }),
  },
  // Everybody finds a colleague by name, as owner or author of something; the account is for administrators.
  access: { operator: 'r', reviewer: 'r', customer_service: 'r', manager: 'r', analyst: 'r', viewer: 'r' },
  list: {
    columns: ['name', 'email', 'roles', 'pii', 'status', 'last_sign_in_at'],
    sort: 'name',
    scopes: {
      active: { label: ['正常', 'Active'], where: { status: { eq: 'active' } } },
      disabled: { label: ['已停用', 'Disabled'], where: { status: { eq: 'disabled' } } },
    },
  },
  form: [
    section(
      'person',
      ['账号', 'Account'],
      [
        ['name', 'email'],
        ['password', 'lang'],
      ],
    ),
    section('rights', ['权限', 'Permissions'], ['roles', ['pii', 'status']]),
    section('activity', ['登录情况', 'Activity'], [['last_sign_in_at', 'created_at']]),
  ],
});
