import { choices, f, resource } from '../definition.ts';

export default resource('duplicate_customers', {
  label: ['疑似重复客户', 'Likely duplicates'],
  one: ['疑似重复', 'likely duplicate'],
  group: 'customers',
  icon: 'copy',
  order: 110,
  rows_only: true,
  table: 'app.customers',
  view: 'base.duplicate_customers',
  title: 'external_id',
  offers: 'rx',
  fields: {
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    other_id: f.ref({ label: ['疑似同一人', 'Likely the same'], to: 'customers', readonly: true }),
    external_id: f.text({ label: ['客户编号', 'Customer no.'], readonly: true }),
    other_external_id: f.text({ label: ['对方编号', 'The other’s no.'], readonly: true }),
    reasons: f.choices({
      label: ['相同之处', 'What is the same'],
      readonly: true,
      choices: choices({
        phone: ['手机号', 'Phone'],
        email: ['邮箱', 'E-mail'],
        name_birthday: ['姓名和生日', 'Name and birthday'],
      }),
    }),
    reason_count: f.integer({ label: ['相同项', 'How many'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r' },
  list: {
    columns: ['customer_id', 'external_id', 'other_id', 'other_external_id', 'reasons'],
    sort: '-reason_count',
  },
});
