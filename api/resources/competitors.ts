import { f, resource, section } from '../definition.ts';

export default resource('competitors', {
  label: ['竞品', 'Competitors'],
  one: ['竞品', 'competitor'],
  group: 'benchmark',
  order: 10,
  icon: 'team',
  title: ['name', 'name_en'],
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, unique: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    website: f.text({
      label: ['网址', 'Website'],
      max: 300,
      pattern: '^https?://[^ ]+$',
      help: ['官网或会员中心，以 https:// 开头', 'Of the company or its programme, from https:// on'],
    }),
    active: f.boolean({
      label: ['对标中', 'Compared with'],
      required: true,
      default: true,
      help: ['关闭后不再出现在对标报表里，已有观察保留', 'Off: it leaves the reports; what was observed stays'],
    }),
    note: f.longtext({
      label: ['备注', 'Note'],
      max: 2000,
      help: ['为什么选它对标、会员规模、主打什么', 'Why it is compared with, how large it is, what it is known for'],
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
    columns: ['name', 'name_en', 'website', 'active', 'note'],
    sort: 'id',
    scopes: { active: { label: ['对标中', 'Compared with'], where: { active: { eq: true } } } },
    tones: { dropped: { label: ['不再对标', 'No longer'], tone: 'quiet', where: { active: { eq: false } } } },
  },
  form: [section('basics', ['基本信息', 'Basics'], [['name', 'name_en'], ['website', 'active'], 'note'])],
  children: [{ resource: 'benchmark_observations', field: 'competitor_id' }],
});
