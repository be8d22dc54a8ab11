import { choices, f, resource, section } from '../definition.ts';

/** Which changes wait for the consent of somebody else; api/overlays/approval_rules.ts lays the active ones over the resources. */
export default resource('approval_rules', {
  label: ['审批规则', 'Approval rules'],
  one: ['审批规则', 'approval rule'],
  group: 'approvals',
  order: 50,
  icon: 'lock',
  title: ['name', 'name_en'],
  guard: 'guard_approval_rules',
  fields: {
    resource: f.choice({
      label: ['审批对象', 'What is changed'],
      required: true,
      frozen: true,
      choices: {},
      choices_from: 'resources',
      help: ['保存后不可更改', 'Fixed once saved'],
    }),
    name: f.text({ label: ['名称', 'Name'], required: true, unique: true, search: true, max: 60 }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, search: true, max: 60 }),
    occasions: f.choices({
      label: ['哪些操作', 'Which changes'],
      required: true,
      default: ['create', 'update', 'delete', 'action'],
      choices: choices({
        create: ['新建与恢复', 'New and restored'],
        update: ['修改', 'Edited'],
        delete: ['删除', 'Deleted'],
        action: ['专用操作', 'Actions'],
      }),
      help: [
        '批量修改、导入、回退、接口同样受限；专用操作如发布、启用',
        'Changes of many, imports, reverts and programs are held to it as well; actions such as publish or activate',
      ],
    }),
    condition: f.predicate({
      label: ['条件', 'Condition'],
      of: 'resource',
      showWhen: { resource: { notNull: true } },
      help: [
        '修改前或修改后符合条件的须审批；不设条件则全部须审批',
        'Asks when the record fits before or after the change; always, without a condition',
      ],
    }),
    roles: f.choices({
      label: ['审批角色', 'Who may agree'],
      required: true,
      choices: {},
      help: [
        '任一角色的一人同意即可，不能是申请人本人；系统管理员始终可以审批',
        'One person with any of the roles, never the author; administrators always may',
      ],
    }),
    note: f.longtext({ label: ['说明', 'Note'], max: 500 }),
    active: f.boolean({
      label: ['启用', 'Active'],
      default: true,
      help: ['保存后立即生效', 'In force as soon as it is saved'],
    }),
    updated_at: f.datetime({ label: ['更新时间', 'Updated'], readonly: true }),
  },
  access: { operator: 'r', reviewer: 'r', manager: 'r', customer_service: 'r', analyst: 'r' },
  list: {
    columns: ['name', 'resource', 'occasions', 'condition', 'roles', 'active', 'updated_at'],
    sort: 'resource',
    scopes: {
      active: { label: ['启用中', 'Active'], where: { active: { eq: true } } },
      off: { label: ['已停用', 'Switched off'], where: { active: { eq: false } } },
    },
    tones: { off: { label: ['已停用', 'Switched off'], tone: 'quiet', where: { active: { eq: false } } } },
  },
  form: [
    section(
      'what',
      ['哪些变更须审批', 'What asks'],
      [['name', 'name_en'], ['resource', 'active'], 'occasions', 'condition'],
    ),
    section('who', ['审批人', 'Who agrees'], ['roles', 'note']),
  ],
});
