import { choices, f, resource, section } from '../definition.ts';

export default resource('pages', {
  label: ['活动页面', 'Campaign pages'],
  one: ['活动页面', 'page'],
  group: 'pages',
  order: 10,
  icon: 'sheet',
  view: 'base.pages',
  title: ['name', 'name_en'],
  guard: 'guard_pages',
  head: true,
  fields: {
    code: f.code({ max: 60, search: true }),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    kind: f.choice({
      label: ['类型', 'Kind'],
      required: true,
      frozen: true,
      default: 'own',
      choices: choices({ own: ['自建页面', 'Own page'], external: ['外部页面', 'External page'] }),
      help: [
        '自建页面用区块搭建并由本系统发布；外部页面只统计，需放置统计脚本',
        'An own page is made of blocks and served here; an external one is only measured, by a script tag',
      ],
    }),
    status: f.choice({
      label: ['状态', 'Status'],
      readonly: true,
      choices: choices({
        draft: ['未发布', 'Not published'],
        active: ['在线', 'Live'],
        retired: ['已下线', 'Taken down'],
      }),
    }),
    campaign_id: f.ref({ label: ['所属活动', 'Campaign'], to: 'campaigns' }),
    address_pattern: f.text({
      label: ['地址规则', 'Address pattern'],
      max: 300,
      pattern: '^https://[a-z0-9]([a-z0-9.\\-]*[a-z0-9])?(:[0-9]{1,5})?(/([^\\s/?#*\\\\"<>]+|\\*))*/?$',
      showWhen: { kind: { eq: 'external' } },
      requiredWhen: { kind: { eq: 'external' } },
      whenHidden: 'clear',
      help: [
        '如 https://shop.example/campaign/*；* 代表一段路径，末尾的 * 代表其后全部；不含参数',
        'Such as https://shop.example/campaign/*; * is one part of the path, as the last one all that follows; no parameters',
      ],
    }),
    address: f.text({
      label: ['访问地址', 'Address'],
      readonly: true,
      help: ['在本系统域名下', 'On the domain of this system'],
    }),
    live_number: f.integer({ label: ['在线版本', 'Live version'], readonly: true }),
    split_running: f.boolean({ label: ['A/B 分流中', 'Split running'], readonly: true }),
    published_at: f.datetime({ label: ['发布时间', 'Published at'], readonly: true }),
    sample_rate: f.rate({
      label: ['采样比例', 'Measured'],
      required: true,
      default: '1',
      help: [
        '统计多少比例的访问；访问量很大时可调低',
        'Share of visits that are measured; lower it for very busy pages',
      ],
    }),
    description: f.longtext({ label: ['说明', 'Description'], max: 2000 }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'kind', 'status', 'campaign_id', 'live_number', 'split_running', 'published_at'],
    sort: '-id',
    scopes: {
      live: { label: ['在线', 'Live'], where: { status: { eq: 'active' } } },
      split: { label: ['分流中', 'Split running'], where: { split_running: { eq: true } } },
      external: { label: ['外部页面', 'External'], where: { kind: { eq: 'external' } } },
    },
    tones: {
      live: { label: ['在线', 'Live'], tone: 'good', where: { status: { eq: 'active' } } },
      retired: { label: ['已下线', 'Taken down'], tone: 'quiet', where: { status: { eq: 'retired' } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [['name', 'name_en'], ['code', 'kind'], 'address_pattern', ['campaign_id', 'sample_rate'], 'description'],
    ),
    section('state', ['发布情况', 'State'], [['status', 'address', 'live_number', 'split_running', 'published_at']]),
  ],
  children: [{ resource: 'page_versions', field: 'page_id' }],
  actions: {
    new_version: {
      label: ['新建版本', 'New version'],
      procedure: 'new_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: { kind: { eq: 'own' } },
      input: { note: f.text({ label: ['版本说明', 'Note'], max: 200 }) },
    },
    new_layout: {
      label: ['登记改版', 'The page has changed'],
      procedure: 'new_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: { kind: { eq: 'external' }, status: { eq: 'active' } },
      confirm: [
        '外部页面改版后登记，点击从此按新版本统计，不与旧版混在一起。确定登记吗？',
        'Clicks are counted apart from now on, so that two layouts are not mixed. Note the change?',
      ],
      input: { note: f.text({ label: ['改了什么', 'What has changed'], max: 200 }) },
    },
    retire: {
      label: ['下线', 'Take down'],
      procedure: 'retire_page',
      scope: 'record',
      roles: ['operator', 'manager'],
      allow: { status: { ne: 'retired' } },
      confirm: [
        '下线后访客看到“活动页面已下线”，不再统计。确定下线吗？',
        'Visitors will read that the page has ended, and nothing is measured. Take it down?',
      ],
    },
    resume: {
      label: ['恢复', 'Bring back'],
      procedure: 'resume_page',
      scope: 'record',
      roles: ['operator'],
      allow: { status: { eq: 'retired' } },
    },
  },
});
