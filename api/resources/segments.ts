import { f, resource, section } from '../definition.ts';

export default resource('segments', {
  label: ['客群', 'Segments'],
  one: ['客群', 'segment'],
  group: 'segments',
  order: 5,
  icon: 'pie',
  // Segments come with the published versions of their rule set; nothing is written here.
  table: 'app.segment_day',
  view: 'base.segment_sizes',
  offers: 'rx',
  title: ['title', 'title_en'],
  fields: {
    title: f.text({ label: ['客群', 'Segment'], readonly: true, search: true }),
    title_en: f.text({ label: ['客群（英文）', 'Segment (English)'], readonly: true, search: true }),
    rule_set_id: f.ref({ label: ['规则集', 'Rule set'], to: 'segment_rule_sets', readonly: true }),
    code: f.text({ label: ['编码', 'Code'], readonly: true }),
    name: f.text({ label: ['名称', 'Name'], readonly: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], readonly: true }),
    position: f.integer({ label: ['匹配顺序', 'Order'], readonly: true }),
    in_force: f.boolean({
      label: ['当前生效', 'In force'],
      readonly: true,
      help: ['今天生效的规则版本中有这个客群', 'The rules of today have this segment'],
    }),
    computed_on: f.date({ label: ['最近计算日', 'Computed for'], readonly: true }),
    customer_count: f.integer({ label: ['客户数', 'Customers'], readonly: true }),
    customer_share: f.rate({ label: ['占比', 'Share'], readonly: true }),
    net_amount: f.money({
      label: ['累计净消费', 'Net spend'],
      readonly: true,
      help: ['客群中客户迄今的净消费合计', 'Life-to-date net spend of its customers'],
    }),
  },
  access: { operator: 'r', manager: 'r', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['title', 'code', 'customer_count', 'customer_share', 'net_amount', 'computed_on', 'in_force'],
    sort: 'position',
    where: { in_force: { eq: true } },
    scopes: {
      past: { label: ['已停用', 'Past'], where: { in_force: { eq: false } } },
    },
  },
  form: [
    section(
      'basics',
      ['客群', 'Segment'],
      [
        ['name', 'name_en', 'code'],
        ['rule_set_id', 'position', 'in_force'],
      ],
    ),
    section('size', ['规模', 'Size'], [['customer_count', 'customer_share', 'net_amount', 'computed_on']]),
  ],
});
