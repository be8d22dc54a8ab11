import { choices, f, resource } from '../definition.ts';

export default resource('community_members', {
  label: ['社群成员', 'Members of communities'],
  one: ['社群成员', 'member'],
  group: 'automation',
  order: 60,
  icon: 'users',
  view: 'base.community_members',
  title: 'number',
  guard: 'guard_community_members',
  offers: 'crx',
  hidden: true,
  fields: {
    number: f.text({ label: ['编号', 'No.'], readonly: true }),
    community_id: f.ref({
      label: ['社群', 'Community'],
      to: 'communities',
      required: true,
      frozen: true,
      options: { status: { eq: 'active' } },
    }),
    customer_id: f.ref({
      label: ['客户', 'Customer'],
      to: 'customers',
      required: true,
      frozen: true,
      options: { status: { eq: 'active' } },
    }),
    owner_id: f.ref({ label: ['社群管理员', 'Administrator'], to: 'users', readonly: true }),
    joined_at: f.datetime({ label: ['入群时间', 'Joined at'], readonly: true }),
    joined_on: f.date({ label: ['入群日期', 'Joined on'], readonly: true }),
    joined_by: f.choice({
      label: ['入群方式', 'Joined by'],
      readonly: true,
      choices: choices({ automatic: ['自动', 'By itself'], staff: ['人工', 'By staff'] }),
    }),
    left_at: f.datetime({ label: ['退群时间', 'Left at'], readonly: true }),
    left_on: f.date({ label: ['退群日期', 'Left on'], readonly: true }),
    active: f.boolean({ label: ['在群', 'In it now'], readonly: true }),
  },
  access: { operator: 'crx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['customer_id', 'community_id', 'joined_at', 'joined_by', 'left_at'],
    sort: '-id',
    scopes: { active: { label: ['在群', 'In it now'], where: { active: { eq: true } } } },
    tones: { left: { label: ['已退群', 'Left'], tone: 'quiet', where: { active: { eq: false } } } },
  },
  actions: {
    leave: {
      label: ['退群', 'Leaves'],
      procedure: 'leave_community',
      scope: 'record',
      roles: ['operator'],
      allow: { active: { eq: true } },
    },
  },
});
