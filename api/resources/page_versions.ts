import { blockFields, kindChoices } from '../campaign-pages/block-kinds.ts';
import { choices, f, resource, section } from '../definition.ts';

const DRAFT = { state: { eq: 'draft' } } as const;

export default resource('page_versions', {
  label: ['页面版本', 'Page versions'],
  one: ['页面版本', 'page version'],
  group: 'pages',
  order: 20,
  icon: 'branches',
  view: 'base.page_versions',
  title: ['version_name', 'version_name_en'],
  // Drafts come from "new version" of a page or of another version, so that they are numbered and start from something.
  offers: 'rud',
  guard: 'guard_page_versions',
  impact: ['预览', 'Preview'],
  fields: {
    version_name: f.text({ label: ['版本', 'Version'], readonly: true }),
    version_name_en: f.text({ label: ['版本（英文）', 'Version (English)'], readonly: true }),
    page_id: f.ref({ label: ['页面', 'Page'], to: 'pages', readonly: true }),
    page_kind: f.choice({
      label: ['页面类型', 'Kind of page'],
      readonly: true,
      choices: choices({ own: ['自建页面', 'Own page'], external: ['外部页面', 'External page'] }),
    }),
    number: f.integer({ label: ['版本号', 'Number'], readonly: true }),
    state: f.choice({
      label: ['状态', 'State'],
      readonly: true,
      choices: choices({
        draft: ['草稿', 'Draft'],
        published: ['已发布', 'Published'],
        retired: ['已停用', 'Retired'],
      }),
    }),
    share_rate: f.rate({
      label: ['访客占比', 'Visitors'],
      readonly: true,
      help: ['看到此版本的访客占比', 'Share of the visitors who get it'],
    }),
    address: f.text({
      label: ['访问地址', 'Address'],
      readonly: true,
      help: ['固定显示此版本', 'Always shows this version'],
    }),
    title: f.text({ label: ['网页标题', 'Title'], required: true, max: 60, search: true }),
    title_en: f.text({ label: ['网页标题（英文）', 'Title (English)'], max: 60 }),
    summary: f.text({
      label: ['摘要', 'Summary'],
      max: 160,
      help: ['搜索结果与转发卡片中显示', 'Shown by search engines and where the page is shared'],
    }),
    summary_en: f.text({ label: ['摘要（英文）', 'Summary (English)'], max: 160 }),
    accent: f.choice({
      label: ['主色', 'Colour'],
      required: true,
      default: 'green',
      choices: choices({
        green: ['松绿', 'Green'],
        red: ['朱红', 'Red'],
        blue: ['海蓝', 'Blue'],
        violet: ['紫罗兰', 'Violet'],
        brown: ['茶褐', 'Brown'],
      }),
    }),
    blocks: f.items({
      label: ['区块', 'Blocks'],
      help: [
        '自上而下显示；编码是热力图识别元素的依据，改版时请保留',
        'Shown from the top down; heatmaps know a block by its code, so keep it from version to version',
      ],
      max: 30,
      default: [],
      fields: {
        code: f.text({
          label: ['区块编码', 'Code'],
          required: true,
          unique: true,
          max: 40,
          pattern: '^[a-z][a-z0-9_]*$',
        }),
        kind: f.choice({ label: ['类型', 'Kind'], required: true, default: 'hero', choices: kindChoices() }),
        ...blockFields(),
      },
    }),
    note: f.text({ label: ['版本说明', 'Note'], max: 200 }),
    created_by: f.ref({ label: ['创建人', 'Created by'], to: 'users', readonly: true }),
    published_by: f.ref({ label: ['发布人', 'Published by'], to: 'users', readonly: true }),
    published_at: f.datetime({ label: ['发布时间', 'Published at'], readonly: true }),
  },
  access: { operator: 'rud', manager: 'r', reviewer: 'r', customer_service: 'r', analyst: 'r', viewer: 'r' },
  list: {
    columns: ['version_name', 'state', 'share_rate', 'title', 'note', 'published_at'],
    sort: '-id',
    scopes: {
      live: { label: ['已发布', 'Published'], where: { state: { eq: 'published' } } },
      drafts: { label: ['草稿', 'Drafts'], where: { state: { eq: 'draft' } } },
    },
    tones: {
      draft: { label: ['草稿', 'Draft'], tone: 'info', where: { state: { eq: 'draft' } } },
      retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { state: { eq: 'retired' } } },
    },
  },
  form: [
    section(
      'page',
      ['网页', 'Page'],
      [
        ['title', 'title_en'],
        ['summary', 'summary_en'],
        ['accent', 'note'],
      ],
    ),
    section('blocks', ['区块', 'Blocks'], ['blocks']),
    section(
      'record',
      ['版本信息', 'Record'],
      [
        ['page_id', 'page_kind', 'number'],
        ['state', 'share_rate', 'address'],
        ['created_by', 'published_by', 'published_at'],
      ],
    ),
  ],
  actions: {
    publish: {
      label: ['发布', 'Publish'],
      handler: 'publish_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: DRAFT,
      confirm: [
        '发布后内容不可再修改，访客立即可见。确定发布吗？',
        'Once published the content is fixed and visitors see it at once. Publish it?',
      ],
      input: {
        share_rate: f.rate({
          label: ['A/B 分流占比', 'Share of a split'],
          help: [
            '留空则替换在线版本；填写则与在线版本并行，这些访客看到新版本',
            'It takes the place of what is live when left empty, else goes beside it for so many of the visitors',
          ],
        }),
      },
    },
    split: {
      label: ['调整分流', 'Change the split'],
      procedure: 'split_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: { state: { eq: 'published' }, share_rate: { lt: 1 } },
      input: { share_rate: f.rate({ label: ['看到此版本的访客', 'Visitors who get it'], required: true }) },
    },
    adopt: {
      label: ['采用此版本', 'Keep this one'],
      procedure: 'adopt_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: { state: { eq: 'published' }, share_rate: { lt: 1 } },
      confirm: [
        '分流结束，全部访客看到此版本，另一版本停用。确定采用吗？',
        'The split ends: every visitor gets this version, the other is retired. Keep it?',
      ],
    },
    new_version: {
      label: ['基于此版本新建', 'New version from this'],
      procedure: 'copy_page_version',
      scope: 'record',
      roles: ['operator'],
      allow: { page_kind: { eq: 'own' } },
      input: { note: f.text({ label: ['版本说明', 'Note'], max: 200 }) },
    },
    preview: {
      label: ['预览链接', 'Preview link'],
      handler: 'preview_page_version',
      scope: 'record',
      roles: ['operator', 'manager', 'reviewer'],
      allow: { page_kind: { eq: 'own' } },
    },
  },
});
