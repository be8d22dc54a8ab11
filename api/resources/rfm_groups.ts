import { f, resource, section } from '../definition.ts';

const score = { min: 1, max: 5, required: true } as const;

export default resource('rfm_groups', {
  label: ['RFM 分组', 'RFM groups'],
  group: 'segments',
  icon: 'appstore',
  title: ['name', 'name_en'],
  fields: {
    position: f.integer({
      label: ['顺序', 'Position'],
      required: true,
      unique: true,
      min: 0,
      max: 10_000,
      help: ['从小到大匹配，命中第一组即停止', 'Checked from the lowest; the first group that fits wins'],
    }),
    code: f.text({
      label: ['编码', 'Code'],
      required: true,
      frozen: true,
      unique: true,
      max: 40,
      pattern: '^[a-z][a-z0-9_]*$',
    }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 40, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 40, search: true }),
    recency_min: f.integer({ label: ['R 最低分', 'R from'], default: 1, ...score }),
    recency_max: f.integer({ label: ['R 最高分', 'R to'], default: 5, ...score }),
    frequency_min: f.integer({ label: ['F 最低分', 'F from'], default: 1, ...score }),
    frequency_max: f.integer({ label: ['F 最高分', 'F to'], default: 5, ...score }),
    monetary_min: f.integer({ label: ['M 最低分', 'M from'], default: 1, ...score }),
    monetary_max: f.integer({ label: ['M 最高分', 'M to'], default: 5, ...score }),
  },
  rules: [
    {
      name: 'recency_in_order',
      when: { recency_min: { lte: { $field: 'recency_max' } } },
      field: 'recency_max',
      message: ['最高分不能低于最低分', 'The upper score must not be below the lower one'],
    },
    {
      name: 'frequency_in_order',
      when: { frequency_min: { lte: { $field: 'frequency_max' } } },
      field: 'frequency_max',
      message: ['最高分不能低于最低分', 'The upper score must not be below the lower one'],
    },
    {
      name: 'monetary_in_order',
      when: { monetary_min: { lte: { $field: 'monetary_max' } } },
      field: 'monetary_max',
      message: ['最高分不能低于最低分', 'The upper score must not be below the lower one'],
    },
  ],
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: [
      'position',
      'name',
      'code',
      'recency_min',
      'recency_max',
      'frequency_min',
      'frequency_max',
      'monetary_min',
      'monetary_max',
    ],
    sort: 'position',
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['name', 'name_en'],
        ['code', 'position'],
      ],
    ),
    section(
      'bounds',
      ['得分范围', 'Scores'],
      [
        ['recency_min', 'recency_max'],
        ['frequency_min', 'frequency_max'],
        ['monetary_min', 'monetary_max'],
      ],
    ),
  ],
});
