import { choices, f, resource, section } from '../definition.ts';

export default resource('coupon_codes', {
  label: ['券码', 'Coupon codes'],
  one: ['券码', 'code'],
  group: 'programme',
  order: 42,
  icon: 'key',
  title: 'code',
  offers: 'crdix',
  guard: 'guard_coupon_codes',
  fields: {
    code: f.text({
      label: ['券码', 'Code'],
      required: true,
      frozen: true,
      unique: true,
      search: true,
      max: 60,
      pattern: '^[A-Z0-9][A-Z0-9_-]{3,59}$',
      help: ['4 至 60 位大写字母、数字、- 与 _', '4 to 60 capitals, digits, - and _'],
    }),
    template_id: f.ref({
      label: ['优惠券', 'Template'],
      to: 'coupon_templates',
      required: true,
      frozen: true,
      options: { code_mode: { eq: 'imported' }, status: { in: ['draft', 'active', 'paused'] } },
    }),
    batch_id: f.ref({
      label: ['批次', 'Batch'],
      to: 'coupon_batches',
      frozen: true,
      options: { kind: { eq: 'imported' } },
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      default: 'free',
      choices: choices({
        free: ['未使用', 'Free'],
        taken: ['已发出', 'Given out'],
        withdrawn: ['已作废', 'Withdrawn'],
      }),
    }),
    taken_at: f.datetime({ label: ['发出时间', 'Given out at'], readonly: true }),
    created_at: f.datetime({ label: ['入库时间', 'Added at'], readonly: true }),
  },
  access: { operator: 'crdix', manager: 'rx', analyst: 'r', customer_service: 'r' },
  list: {
    columns: ['code', 'template_id', 'batch_id', 'status', 'taken_at', 'created_at'],
    sort: '-id',
    scopes: {
      free: { label: ['未使用', 'Free'], where: { status: { eq: 'free' } } },
      taken: { label: ['已发出', 'Given out'], where: { status: { eq: 'taken' } } },
    },
    tones: { over: { label: ['已作废', 'Withdrawn'], tone: 'quiet', where: { status: { eq: 'withdrawn' } } } },
  },
  form: [
    section(
      'code',
      ['券码', 'Code'],
      [
        ['code', 'template_id', 'batch_id'],
        ['status', 'taken_at', 'created_at'],
      ],
    ),
  ],
});
