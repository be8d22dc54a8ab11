import { choices, f, resource, section } from '../definition.ts';

export default resource('benefit_uses', {
  label: ['权益使用', 'Uses of benefits'],
  one: ['权益使用', 'use'],
  group: 'points',
  order: 36,
  icon: 'check',
  view: 'base.benefit_uses',
  title: 'external_id',
  // Asked for by shops (POST /api/v1/benefits/use) and on the page of the customer.
  offers: 'rx',
  fields: {
    external_id: f.text({ label: ['使用单号', 'Use no.'], readonly: true, search: true }),
    customer_id: f.ref({ label: ['客户', 'Customer'], to: 'customers', readonly: true }),
    benefit_id: f.ref({ label: ['权益', 'Benefit'], to: 'benefits', readonly: true }),
    package_id: f.ref({ label: ['权益包', 'Package'], to: 'benefit_packages', readonly: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        reserved: ['已预占', 'Reserved'],
        waiting: ['待履约', 'To be done'],
        done: ['已履约', 'Done'],
        failed: ['履约失败', 'Failed'],
        cancelled: ['已取消', 'Cancelled'],
      }),
    }),
    fulfilment: f.choice({
      label: ['履约方式', 'Fulfilment'],
      readonly: true,
      choices: choices({
        automatic: ['系统自动', 'Automatic'],
        code: ['发放券码', 'Code'],
        manual: ['人工处理', 'By hand'],
      }),
    }),
    owner_role: f.choice({
      label: ['处理角色', 'Done by'],
      readonly: true,
      choices: choices({
        customer_service: ['客服', 'Customer service'],
        operator: ['运营', 'Operator'],
        reviewer: ['审核', 'Reviewer'],
        manager: ['管理层', 'Manager'],
      }),
    }),
    code: f.text({ label: ['券码', 'Code'], readonly: true }),
    used_at: f.datetime({ label: ['使用时间', 'Used at'], readonly: true }),
    used_on: f.date({ label: ['使用日期', 'Used on'], readonly: true }),
    reserved_until_at: f.datetime({ label: ['预占至', 'Reserved until'], readonly: true }),
    due_at: f.datetime({ label: ['应完成时间', 'Due'], readonly: true }),
    late: f.boolean({ label: ['已逾期', 'Late'], readonly: true }),
    fulfilled_at: f.datetime({ label: ['完成时间', 'Done at'], readonly: true }),
    fulfilled_by: f.ref({ label: ['经办人', 'Handled by'], to: 'users', readonly: true }),
    cancelled_at: f.datetime({ label: ['取消时间', 'Cancelled at'], readonly: true }),
    unit_cost: f.money({
      label: ['成本', 'Cost'],
      readonly: true,
      sum: true,
      access: { read: ['manager', 'operator', 'analyst'] },
    }),
    source: f.text({ label: ['数据来源', 'Source'], readonly: true }),
    note: f.text({ label: ['备注', 'Note'], readonly: true }),
    reason: f.text({ label: ['处理说明', 'Said about it'], readonly: true }),
  },
  access: { operator: 'rx', customer_service: 'r', reviewer: 'r', manager: 'rx', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['external_id', 'customer_id', 'benefit_id', 'due_at', 'owner_role', 'status', 'package_id', 'used_at'],
    sort: '-id',
    scopes: {
      waiting: { label: ['待履约', 'To be done'], where: { status: { eq: 'waiting' } }, home: 'info' },
      late: {
        label: ['已逾期', 'Late'],
        where: { status: { eq: 'waiting' }, late: { eq: true } },
        home: 'warning',
      },
      service: {
        label: ['客服待办', 'For customer service'],
        where: { status: { eq: 'waiting' }, owner_role: { eq: 'customer_service' } },
      },
      operators: {
        label: ['运营待办', 'For operators'],
        where: { status: { eq: 'waiting' }, owner_role: { eq: 'operator' } },
      },
      failed: { label: ['履约失败', 'Failed'], where: { status: { eq: 'failed' } } },
    },
    tones: {
      late: { label: ['已逾期', 'Late'], tone: 'bad', where: { late: { eq: true } } },
      over: { label: ['已取消', 'Cancelled'], tone: 'quiet', where: { status: { in: ['cancelled', 'failed'] } } },
    },
  },
  form: [
    section(
      'use',
      ['使用', 'Use'],
      [['external_id', 'customer_id', 'status'], ['benefit_id', 'package_id', 'code'], ['used_at', 'source'], 'note'],
    ),
    section(
      'fulfilment',
      ['履约', 'Fulfilment'],
      [
        ['fulfilment', 'owner_role', 'due_at'],
        ['fulfilled_at', 'fulfilled_by', 'unit_cost'],
        ['reserved_until_at', 'cancelled_at'],
        'reason',
      ],
    ),
  ],
  actions: {
    done: {
      label: ['标记完成', 'Mark as done'],
      handler: 'do_benefit_use',
      scope: 'record',
      roles: ['operator', 'customer_service', 'reviewer', 'manager'],
      allow: { status: { eq: 'waiting' } },
      input: {
        note: f.text({ label: ['说明', 'Note'], max: 200 }),
        code: f.text({
          label: ['券码', 'Code'],
          max: 60,
          help: ['发放券码时填写', 'Where a code was handed out'],
        }),
      },
    },
    fail: {
      label: ['无法履约', 'Cannot be done'],
      handler: 'fail_benefit_use',
      scope: 'record',
      roles: ['operator', 'customer_service', 'reviewer', 'manager'],
      allow: { status: { eq: 'waiting' } },
      input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }) },
      confirm: ['次数退回给客户，费用释放回预算。', 'The customer gets the use back, the budget its money.'],
    },
    confirm: {
      label: ['确认使用', 'Confirm'],
      handler: 'confirm_benefit_use',
      scope: 'record',
      roles: ['operator', 'customer_service'],
      allow: { status: { eq: 'reserved' } },
    },
    cancel: {
      label: ['取消并退回次数', 'Cancel, use back'],
      handler: 'cancel_benefit_use',
      scope: 'record',
      roles: ['operator', 'customer_service'],
      allow: { status: { in: ['reserved', 'waiting', 'done'] } },
      input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 200 }) },
      confirm: ['次数退回原周期，费用释放回预算。', 'The use goes back to its period, the money to the budget.'],
    },
  },
});
