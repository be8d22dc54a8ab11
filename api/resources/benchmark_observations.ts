import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';

const OF_A_COMPETITOR: Predicate = { party: { eq: 'competitor' } };
const score = { scale: 1, min: '1', max: '5' } as const;

export default resource('benchmark_observations', {
  label: ['对标观察', 'Observations'],
  one: ['观察', 'observation'],
  group: 'benchmark',
  order: 20,
  icon: 'eye',
  view: 'base.benchmark_observations',
  title: ['title', 'title_en'],
  fields: {
    title: f.text({ label: ['观察', 'Observation'], readonly: true }),
    title_en: f.text({ label: ['观察（英文）', 'Observation (English)'], readonly: true }),
    party: f.choice({
      label: ['对象', 'Who'],
      required: true,
      default: 'competitor',
      choices: choices({ competitor: ['竞品', 'A competitor'], ourselves: ['我们', 'Ourselves'] }),
      help: [
        '用同一把尺子给自己打分，才看得出差距',
        'Score yourselves along the same lines: only then is there a difference to see',
      ],
    }),
    competitor_id: f.ref({
      label: ['竞品', 'Competitor'],
      to: 'competitors',
      search: true,
      options: { active: { eq: true } },
      showWhen: OF_A_COMPETITOR,
      requiredWhen: OF_A_COMPETITOR,
      whenHidden: 'clear',
    }),
    dimension_id: f.ref({
      label: ['维度', 'Dimension'],
      to: 'benchmark_dimensions',
      search: true,
      required: true,
      options: { active: { eq: true } },
    }),
    observed_on: f.date({
      label: ['观察日期', 'Observed on'],
      required: true,
      help: ['从这一天起按新评分计，直到下一次观察', 'The score counts from this day until the next observation'],
    }),
    score: f.decimal({
      label: ['评分', 'Score'],
      required: true,
      ...score,
      help: ['1 很差，3 行业一般水平，5 业内最好', '1 poor, 3 as is usual, 5 the best there is'],
    }),
    previous_score: f.decimal({ label: ['上次评分', 'Score before'], readonly: true, ...score }),
    finding: f.longtext({
      label: ['看到了什么', 'What was seen'],
      required: true,
      max: 2000,
      search: true,
      help: ['写事实：规则、数字、流程', 'Facts: rules, figures, steps'],
    }),
    source: f.text({
      label: ['来源', 'Source'],
      required: true,
      max: 500,
      search: true,
      help: ['网址，或“门店走访”“客户访谈”等', 'An address, or a visit, an interview and the like'],
    }),
    entered_by: f.ref({ label: ['录入人', 'Entered by'], to: 'users', readonly: true }),
    current: f.boolean({ label: ['当前有效', 'Counts now'], readonly: true }),
    replaced_on: f.date({
      label: ['被取代日期', 'Replaced on'],
      readonly: true,
      help: ['下一次观察的日期', 'The day of the next observation'],
    }),
  },
  rules: [
    {
      name: 'observed_by_now',
      when: { observed_on: { lte: '$today' } },
      field: 'observed_on',
      message: ['观察日期不能晚于今天', 'It cannot have been observed after today'],
    },
  ],
  access: {
    operator: 'crudix',
    manager: 'crudix',
    reviewer: 'r',
    customer_service: 'r',
    analyst: 'crudix',
    viewer: 'r',
  },
  list: {
    columns: ['observed_on', 'party', 'competitor_id', 'dimension_id', 'score', 'finding', 'source', 'entered_by'],
    sort: '-observed_on',
    scopes: {
      current: { label: ['当前有效', 'Counting now'], where: { current: { eq: true } } },
      ourselves: { label: ['我们', 'Ourselves'], where: { party: { eq: 'ourselves' } } },
    },
    tones: { past: { label: ['已被取代', 'Replaced'], tone: 'quiet', where: { current: { eq: false } } } },
  },
  form: [
    section(
      'what',
      ['看谁、看什么', 'Whom and what'],
      [
        ['party', 'competitor_id'],
        ['dimension_id', 'observed_on', 'replaced_on'],
      ],
    ),
    section(
      'result',
      ['结论与依据', 'Score and grounds'],
      [['score', 'previous_score', 'current'], 'finding', ['source', 'entered_by']],
    ),
  ],
});
