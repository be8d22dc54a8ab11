import { choices, f, resource, section } from '../definition.ts';

export default resource('contact_tasks', {
  label: ['人工联系', 'Contacts by staff'],
  one: ['人工联系', 'contact'],
  group: 'automation',
  order: 40,
  icon: 'user',
  view: 'base.contact_tasks',
  title: 'title',
  // They come from automations.
  offers: 'rx',
  fields: {
    title: f.text({ label: ['联系事项', 'What about'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        open: ['待联系', 'To be done'],
        reached: ['已联系', 'Reached'],
        not_reached: ['未联系上', 'Not reached'],
        cancelled: ['已取消', 'Cancelled'],
      }),
    }),
    owner_role: f.choice({
      label: ['由谁联系', 'Done by'],
      readonly: true,
      choices: choices({
        customer_service: ['客服', 'Customer service'],
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        manager: ['管理层', 'Manager'],
      }),
    }),
    note: f.longtext({ label: ['话术提示', 'What to say'], readonly: true }),
    opened_at: f.datetime({ label: ['生成时间', 'Opened at'], readonly: true }),
    due_at: f.datetime({ label: ['截止时间', 'Due at'], readonly: true }),
    late: f.boolean({ label: ['已逾期', 'Late'], readonly: true }),
    done_at: f.datetime({ label: ['处理时间', 'Done at'], readonly: true }),
    done_by: f.ref({ label: ['处理人', 'Done by whom'], to: 'users', readonly: true }),
    outcome: f.longtext({ label: ['联系结果', 'What came of it'], readonly: true }),
    automation_id: f.ref({ label: ['自动化', 'Automation'], to: 'automations', readonly: true }),
    run_id: f.ref({ label: ['进展', 'Journey'], to: 'automation_runs', readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'rx', reviewer: 'r', manager: 'rx', analyst: 'r', viewer: 'r' },
  list: {
    columns: ['title', 'customer_id', 'owner_role', 'due_at', 'status', 'automation_id', 'opened_at'],
    sort: '-id',
    scopes: {
      open: { label: ['待联系', 'To be done'], where: { status: { eq: 'open' } }, home: 'info' },
      late: { label: ['已逾期', 'Late'], where: { late: { eq: true } }, home: 'warning' },
      done: { label: ['已处理', 'Dealt with'], where: { status: { ne: 'open' } } },
    },
    tones: {
      late: { label: ['已逾期', 'Late'], tone: 'bad', where: { late: { eq: true } } },
      reached: { label: ['已联系', 'Reached'], tone: 'good', where: { status: { eq: 'reached' } } },
    },
  },
  form: [
    section(
      'contact',
      ['联系', 'Contact'],
      [['title', 'customer_id', 'status'], 'note', ['owner_role', 'opened_at', 'due_at'], ['automation_id', 'run_id']],
    ),
    section('outcome', ['结果', 'Outcome'], ['outcome', ['done_at', 'done_by']]),
  ],
  actions: {
    finish: {
      label: ['登记结果', 'Say what came of it'],
      procedure: 'finish_contact_task',
      scope: 'record',
      roles: ['operator', 'customer_service', 'reviewer', 'manager'],
      allow: { status: { eq: 'open' } },
      input: {
        status: f.choice({
          label: ['结果', 'Result'],
          required: true,
          default: 'reached',
          choices: choices({
            reached: ['已联系', 'Reached'],
            not_reached: ['未联系上', 'Not reached'],
            cancelled: ['无需联系', 'Not needed any more'],
          }),
        }),
        outcome: f.longtext({ label: ['说明', 'What was said'], max: 500 }),
      },
    },
  },
});
