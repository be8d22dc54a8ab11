import type { Predicate, Role } from '../contract.ts';
import { ROLES } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const ROLE_NAMES = choices({
  administrator: ['管理员', 'Administrator'],
  operator: ['运营', 'Operator'],
  reviewer: ['审核', 'Reviewer'],
  customer_service: ['客服', 'Customer service'],
  manager: ['管理层', 'Manager'],
  analyst: ['分析师', 'Analyst'],
  viewer: ['只读', 'Viewer'],
});

/** One's own, those for everybody, and those shared with the role. */
const seenBy = (role: Role): Predicate => ({
  or: [
    { owner_id: { eq: '$me' } },
    { visibility: { eq: 'everyone' } },
    { and: [{ visibility: { eq: 'roles' } }, { roles: { has: role } }] },
  ],
});

export default resource('saved_views', {
  label: ['列表视图', 'Saved views'],
  one: ['视图', 'view'],
  group: 'system',
  icon: 'bookmark',
  view: 'base.saved_views',
  title: 'name',
  // Views are made in their lists.
  offers: 'rud',
  guard: 'guard_saved_views',
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    resource: f.text({ label: ['列表', 'List'], readonly: true }),
    code: f.text({ label: ['短码', 'Code'], readonly: true, unique: true }),
    owner_id: f.integer({ label: ['创建者编号', 'Owner id'], plain: true, readonly: true }),
    owner: f.text({ label: ['创建者', 'Owner'], readonly: true }),
    visibility: f.choice({
      label: ['共享范围', 'Shared with'],
      required: true,
      default: 'private',
      choices: choices({
        private: ['仅自己', 'Only me'],
        roles: ['指定角色', 'Some roles'],
        everyone: ['所有人', 'Everyone'],
      }),
    }),
    roles: f.choices({
      label: ['共享给角色', 'Roles'],
      choices: ROLE_NAMES,
      showWhen: { visibility: { eq: 'roles' } },
      whenHidden: 'clear',
    }),
    default_roles: f.choices({
      label: ['作为默认视图的角色', 'Default for roles'],
      choices: ROLE_NAMES,
      help: ['这些角色打开列表时首先看到它', 'These roles see it first when they open the list'],
      showWhen: { visibility: { in: ['roles', 'everyone'] } },
      whenHidden: 'clear',
    }),
    updated_at: f.datetime({ label: ['更新时间', 'Updated at'], readonly: true }),
  },
  access: Object.fromEntries(ROLES.filter((role) => role !== 'administrator').map((role) => [role, 'rud'])),
  rows: Object.fromEntries(ROLES.filter((role) => role !== 'administrator').map((role) => [role, seenBy(role)])) as {
    [role in Role]?: Predicate;
  },
  list: {
    columns: ['name', 'resource', 'owner', 'visibility', 'roles', 'default_roles', 'updated_at'],
    sort: 'name',
    scopes: {
      mine: { label: ['我的', 'Mine'], where: { owner_id: { eq: '$me' } } },
      shared: { label: ['共享的', 'Shared'], where: { visibility: { ne: 'private' } } },
    },
  },
  form: [
    section('view', ['视图', 'View'], ['name', ['resource', 'code', 'owner']]),
    section('sharing', ['共享', 'Sharing'], ['visibility', 'roles', 'default_roles']),
  ],
});
