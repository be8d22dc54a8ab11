import { kindChoices } from '../campaign-pages/block-kinds.ts';
import { choices, f, resource, section } from '../definition.ts';

export default resource('page_hints', {
  label: ['页面优化规则', 'Page suggestions'],
  one: ['页面优化规则', 'rule of suggestions'],
  group: 'pages',
  order: 30,
  icon: 'eye',
  title: ['name', 'name_en'],
  fields: {
    code: f.code(),
    name: f.text({ label: ['名称', 'Name'], required: true, max: 60, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 60, search: true }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['启用', 'In force'], retired: ['停用', 'Retired'] }),
    }),
    block_kind: f.choice({
      label: ['区块类型', 'Kind of block'],
      choices: kindChoices(),
      help: ['留空适用于所有区块', 'Any, when left empty'],
    }),
    part: f.text({
      label: ['区块中的元素', 'Part of the block'],
      max: 40,
      pattern: '^[a-z][a-z0-9_]*$',
      help: [
        '元素编码中“.”之后的部分，如 progress、claim；留空适用于所有元素',
        'What follows the dot in an element, such as progress or claim; any, when left empty',
      ],
    }),
    measure: f.choice({
      label: ['看什么', 'Figure'],
      required: true,
      choices: choices({
        click_share: ['占页面点击的比例', 'Share of the clicks of the page'],
        click_rate: ['点击率', 'Click rate'],
        dead_rate: ['无效点击率', 'Clicks without effect'],
        rage_rate: ['愤怒点击率', 'Clicks in anger'],
        reach_rate: ['看到它的访问占比', 'Visits that come to see it'],
      }),
    }),
    comparison: f.choice({
      label: ['条件', 'Condition'],
      required: true,
      default: 'above',
      choices: choices({ above: ['高于', 'Above'], below: ['低于', 'Below'] }),
    }),
    threshold: f.rate({
      label: ['阈值', 'Threshold'],
      required: true,
      help: [
        '95% 区间整体越过阈值才提示，样本少时不下结论',
        'Said only when the whole 95% interval is beyond it, so that few clicks say nothing',
      ],
    }),
    min_count: f.integer({
      label: ['最少样本', 'At least'],
      required: true,
      default: 100,
      min: 10,
      max: 1_000_000,
      help: ['点击数；点击率与看到率则为访问数', 'Clicks; visits, of a click rate and of who comes to see it'],
    }),
    advice: f.text({
      label: ['建议', 'Suggestion'],
      required: true,
      max: 200,
      help: ['接在元素名称和数字之后', 'Follows the name of the element and its figure'],
    }),
    advice_en: f.text({ label: ['建议（英文）', 'Suggestion (English)'], required: true, max: 200 }),
  },
  access: { operator: 'crudix', manager: 'rx', reviewer: 'r', analyst: 'crudix', viewer: 'r' },
  list: {
    columns: ['name', 'block_kind', 'part', 'measure', 'comparison', 'threshold', 'min_count', 'status'],
    sort: 'id',
    scopes: { active: { label: ['启用中', 'In force'], where: { status: { eq: 'active' } } } },
    tones: { retired: { label: ['已停用', 'Retired'], tone: 'quiet', where: { status: { eq: 'retired' } } } },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['name', 'name_en'],
        ['code', 'status'],
      ],
    ),
    section(
      'when',
      ['何时提示', 'When it is said'],
      [
        ['block_kind', 'part'],
        ['measure', 'comparison', 'threshold', 'min_count'],
      ],
    ),
    section('what', ['建议内容', 'What is said'], [['advice', 'advice_en']]),
  ],
});
