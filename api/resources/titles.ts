import { choices, f, resource, section } from '../definition.ts';

export default resource('titles', {
  label: ['头衔与徽章', 'Titles and badges'],
  one: ['头衔', 'title'],
  group: 'programme',
  order: 46,
  icon: 'star',
  title: ['name', 'name_en'],
  fields: {
    code: f.code({ search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 40, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      required: true,
      default: 'title',
      choices: choices({ title: ['头衔', 'Title'], badge: ['徽章', 'Badge'] }),
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['使用中', 'Active'], retired: ['已停用', 'Retired'] }),
      help: ['停用后不再人工授予，已获得的不受影响', 'No longer given by hand; whoever has it keeps it'],
    }),
    icon: f.choice({
      label: ['图标', 'Icon'],
      choices: choices({
        crown: ['皇冠', 'Crown'],
        trophy: ['奖杯', 'Trophy'],
        medal: ['奖牌', 'Medal'],
        star: ['星星', 'Star'],
        heart: ['爱心', 'Heart'],
        bulb: ['灯泡', 'Light bulb'],
        megaphone: ['喇叭', 'Megaphone'],
        calendar: ['日历', 'Calendar'],
      }),
      help: ['商城按此展示', 'What shops show with it'],
    }),
    color: f.color({ label: ['颜色', 'Colour'] }),
    lasts_days: f.integer({
      label: ['有效天数', 'Lasts, days'],
      min: 1,
      max: 3660,
      help: ['自授予时起算，留空为长期有效', 'From the moment it is given; for good when left empty'],
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'kind', 'color', 'lasts_days', 'description', 'status'],
    sort: 'id',
    scopes: {
      titles: { label: ['头衔', 'Titles'], where: { kind: { eq: 'title' } } },
      badges: { label: ['徽章', 'Badges'], where: { kind: { eq: 'badge' } } },
    },
    tones: { retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { status: { eq: 'retired' } } } },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'kind', 'status'], ['icon', 'color', 'lasts_days'], 'description'],
    ),
  ],
  children: [{ resource: 'customer_titles', field: 'title_id' }],
});
