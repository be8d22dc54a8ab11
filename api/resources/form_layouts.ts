import { f, resource, section } from '../definition.ts';

export default resource('form_layouts', {
  label: ['表单布局', 'Form layouts'],
  one: ['表单布局', 'form layout'],
  group: 'system',
  order: 21,
  icon: 'layers',
  title: 'resource',
  fields: {
    resource: f.choice({
      label: ['表单', 'Form'],
      required: true,
      frozen: true,
      choices: {},
      choices_from: 'resources',
      help: ['保存后不可更改', 'Fixed once saved'],
    }),
    role: f.choice({
      label: ['适用角色', 'For the role'],
      frozen: true,
      choices: {},
      help: [
        '留空为所有人；有角色专属布局的人只用该布局',
        'Everybody when empty; who has a role with a layout of its own has that one alone',
      ],
    }),
    active: f.boolean({
      label: ['启用', 'Active'],
      default: true,
      help: ['停用后恢复默认表单，布局保留', 'The form is as it was when not; the layout is kept'],
    }),
    layout: f.layout({ label: ['布局', 'Layout'], of: 'resource', showWhen: { resource: { notNull: true } } }),
    updated_at: f.datetime({ label: ['更新时间', 'Updated'], readonly: true }),
  },
  access: { operator: 'crudix', manager: 'r' },
  list: { columns: ['resource', 'role', 'layout', 'active', 'updated_at'], sort: 'id' },
  form: [
    section('whose', ['适用范围', 'Which form, for whom'], [['resource', 'role', 'active']]),
    section('layout', ['布局', 'Layout'], ['layout']),
  ],
});
