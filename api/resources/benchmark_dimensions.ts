import { f, resource, section } from '../definition.ts';

export default resource('benchmark_dimensions', {
  label: ['对标维度', 'Dimensions'],
  one: ['对标维度', 'dimension'],
  group: 'benchmark',
  order: 30,
  icon: 'appstore',
  title: ['name', 'name_en'],
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 30, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 40, search: true }),
    position: f.integer({
      label: ['顺序', 'Position'],
      required: true,
      min: 0,
      max: 10_000,
      default: 100,
      help: ['矩阵中从小到大排列', 'Their order in the matrix, from the lowest'],
    }),
    weight: f.integer({
      label: ['权重', 'Weight'],
      required: true,
      min: 0,
      max: 100,
      default: 25,
      help: [
        '计算综合得分时各维度的相对比重；0 表示只看不计',
        'Beside the others in the overall score; 0: shown, not counted',
      ],
    }),
    active: f.boolean({
      label: ['使用中', 'In use'],
      required: true,
      default: true,
      help: ['关闭后不再出现在对标报表里', 'Off: it leaves the reports'],
    }),
    description: f.longtext({
      label: ['怎么看', 'What to look at'],
      max: 1000,
      help: ['写清看哪些方面，不同的人打分才有可比性', 'So that the scores of different people can be compared'],
    }),
  },
  access: {
    operator: 'crudix',
    manager: 'crudix',
    reviewer: 'r',
    customer_service: 'r',
    analyst: 'crudix',
    viewer: 'r',
  },
  list: {
    columns: ['position', 'name', 'code', 'weight', 'active', 'description'],
    sort: 'position',
    tones: { retired: { label: ['已停用', 'Not in use'], tone: 'quiet', where: { active: { eq: false } } } },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'position', 'weight', 'active'], 'description'],
    ),
  ],
  children: [{ resource: 'benchmark_observations', field: 'dimension_id' }],
});
