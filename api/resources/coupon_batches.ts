import { choices, f, resource, section } from '../definition.ts';

export default resource('coupon_batches', {
  label: ['券码批次', 'Batches of codes'],
  one: ['券码批次', 'batch'],
  group: 'programme',
  order: 43,
  icon: 'inbox',
  title: 'name',
  offers: 'crux',
  guard: 'guard_coupon_batches',
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    template_id: f.ref({
      label: ['优惠券', 'Template'],
      to: 'coupon_templates',
      required: true,
      frozen: true,
      options: { code_mode: { in: ['generated', 'imported'] } },
    }),
    kind: f.choice({
      label: ['来源', 'Kind'],
      required: true,
      frozen: true,
      default: 'imported',
      choices: choices({ imported: ['导入', 'Imported'], generated: ['生成', 'Generated'] }),
      help: [
        '生成的券码供印制，凭码使用；导入的券码按先后发给客户',
        'Generated ones are printed and brought along; imported ones go to customers in their order',
      ],
    }),
    quantity: f.integer({
      label: ['生成数量', 'How many'],
      required: true,
      frozen: true,
      min: 0,
      max: 100_000,
      default: 0,
      showWhen: { kind: { eq: 'generated' } },
      whenHidden: 'keep',
    }),
    note: f.text({ label: ['备注', 'Note'], max: 200 }),
    created_at: f.datetime({ label: ['创建时间', 'Created at'], readonly: true }),
  },
  rules: [
    {
      name: 'some_codes',
      when: { or: [{ kind: { eq: 'imported' } }, { quantity: { gt: 0 } }] },
      field: 'quantity',
      message: ['请填写要生成的数量', 'Say how many are to be made'],
    },
  ],
  access: { operator: 'crux', manager: 'rx', analyst: 'r', customer_service: 'r' },
  list: { columns: ['name', 'template_id', 'kind', 'quantity', 'created_at'], sort: '-id' },
  children: [{ resource: 'coupon_codes', field: 'batch_id' }],
  form: [section('batch', ['批次', 'Batch'], [['name', 'template_id'], ['kind', 'quantity'], 'note', 'created_at'])],
});
