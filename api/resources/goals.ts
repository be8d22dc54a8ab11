import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';
import { metricChoices } from '../report/metric-choices.ts';

/** A condition that asks something only of some goals: it holds where the first part does not. */
const where = (applies: Predicate, asked: Predicate): Predicate => ({ or: [{ not: applies }, asked] });
const IS_RATE: Predicate = { measure: { eq: 'rate' } };
const RELATIVE: Predicate = { target_kind: { eq: 'relative' } };
/** A target that is typed as a percentage: a share itself, or a change by a share of the baseline. */
const BY_RATE: Predicate = { or: [RELATIVE, { target_kind: { eq: 'absolute' }, measure: { eq: 'rate' } }] };

export default resource('goals', {
  label: ['阶段目标', 'Goals'],
  one: ['阶段目标', 'goal'],
  group: 'programme',
  order: 60,
  icon: 'star',
  view: 'base.goals',
  title: ['name', 'name_en'],
  fields: {
    name: f.text({ label: ['名称', 'Name'], required: true, max: 80, search: true }),
    name_en: f.text({ label: ['英文名称', 'English name'], required: true, max: 80, search: true }),
    stage: f.choice({
      label: ['阶段', 'Stage'],
      required: true,
      choices: choices({
        short: ['短期（0–3 个月）', 'Short term (0–3 months)'],
        mid: ['中期（3–6 个月）', 'Mid term (3–6 months)'],
        long: ['长期（6–12 个月）', 'Long term (6–12 months)'],
        referral: ['转介绍', 'Referral'],
        programme: ['整体计划', 'Programme'],
      }),
    }),
    metric: f.choice({
      label: ['指标', 'Metric'],
      required: true,
      choices: metricChoices(),
    }),
    segment_id: f.ref({
      label: ['客群', 'Segment'],
      to: 'segments',
      options: { in_force: { eq: true } },
      help: ['只看某个客群时选择', 'Where it is about one segment only'],
    }),
    measure: f.choice({
      label: ['指标单位', 'Measured as'],
      required: true,
      default: 'rate',
      choices: choices({ rate: ['百分比', 'Percentage'], number: ['数值', 'Number'], money: ['金额', 'Money'] }),
    }),
    baseline_rate: f.rate({
      label: ['基线', 'Baseline'],
      showWhen: IS_RATE,
      whenHidden: 'clear',
      help: ['留空则取阶段开始前的实际值', 'The actual value before the stage when left empty'],
    }),
    baseline_value: f.decimal({
      label: ['基线', 'Baseline'],
      scale: 2,
      showWhen: { measure: { ne: 'rate' } },
      whenHidden: 'clear',
      help: ['留空则取阶段开始前的实际值', 'The actual value before the stage when left empty'],
    }),
    direction: f.choice({
      label: ['期望方向', 'Direction'],
      required: true,
      default: 'up',
      choices: choices({ up: ['提升', 'Up'], down: ['下降', 'Down'] }),
    }),
    target_kind: f.choice({
      label: ['目标类型', 'Target is'],
      required: true,
      default: 'absolute',
      choices: choices({
        absolute: ['达到某个值', 'A value to reach'],
        relative: ['相对基线变化', 'A change relative to the baseline'],
        points: ['变化若干个点', 'A change in points'],
      }),
    }),
    target_rate: f.rate({
      label: ['目标（百分比）', 'Target (percentage)'],
      showWhen: BY_RATE,
      whenHidden: 'clear',
      help: ['相对变化时填写幅度，如 25%', 'For a relative change its size, such as 25%'],
    }),
    target_rate_max: f.rate({
      label: ['目标上限', 'Target up to'],
      showWhen: { target_kind: { eq: 'absolute' }, measure: { eq: 'rate' } },
      whenHidden: 'clear',
      help: ['目标是一个区间时填写', 'Where the target is a range'],
    }),
    target_value: f.decimal({
      label: ['目标值', 'Target'],
      scale: 2,
      showWhen: { not: BY_RATE },
      whenHidden: 'clear',
    }),
    target_text: f.text({ label: ['目标', 'Target'], readonly: true }),
    weight: f.integer({
      label: ['权重', 'Weight'],
      required: true,
      min: 0,
      max: 100,
      default: 10,
      help: ['同一阶段内相对比较', 'Compared with the others of the stage'],
    }),
    from_month: f.integer({
      label: ['起始月', 'From month'],
      required: true,
      min: 0,
      max: 120,
      default: 0,
      help: ['自计划启动日起的第几个月，0 为启动当天', 'Months since the programme began'],
    }),
    to_month: f.integer({ label: ['截止月', 'To month'], required: true, min: 1, max: 120, default: 3 }),
    starts_on: f.date({ label: ['开始日期', 'Starts on'], readonly: true }),
    due_on: f.date({
      label: ['截止日期', 'Due on'],
      readonly: true,
      help: ['由系统设置中的启动日期推算', 'Follows from the first day of the programme in the settings'],
    }),
    owner_team: f.choice({
      label: ['责任团队', 'Team'],
      choices: choices({
        operations: ['运营', 'Operations'],
        marketing: ['市场', 'Marketing'],
        sales: ['销售', 'Sales'],
        service: ['客服', 'Service'],
        design: ['设计', 'Design'],
        technology: ['技术', 'Technology'],
        management: ['管理层', 'Management'],
      }),
    }),
    owner_id: f.ref({ label: ['责任人', 'Owner'], to: 'users' }),
    status: f.choice({
      label: ['状态', 'Status'],
      required: true,
      default: 'active',
      choices: choices({ active: ['有效', 'Active'], dropped: ['已放弃', 'Dropped'] }),
    }),
    note: f.longtext({ label: ['备注', 'Note'], max: 2000 }),
  },
  rules: [
    {
      name: 'rate_needed',
      when: where(BY_RATE, { target_rate: { gt: 0 } }),
      field: 'target_rate',
      message: ['请填写大于 0 的目标', 'Fill in a target above 0'],
    },
    {
      name: 'value_needed',
      when: where({ not: BY_RATE }, { target_value: { gt: 0 } }),
      field: 'target_value',
      message: ['请填写大于 0 的目标', 'Fill in a target above 0'],
    },
    {
      name: 'range_in_order',
      when: where(
        { target_rate: { notNull: true }, target_rate_max: { notNull: true } },
        { target_rate_max: { gt: { $field: 'target_rate' } } },
      ),
      field: 'target_rate_max',
      message: ['目标上限须高于目标', 'The upper end must be above the target'],
    },
    {
      name: 'target_beyond_baseline_rate',
      when: where(
        { target_kind: { eq: 'absolute' }, baseline_rate: { notNull: true }, target_rate: { notNull: true } },
        {
          or: [
            { direction: { eq: 'up' }, target_rate: { gt: { $field: 'baseline_rate' } } },
            { direction: { eq: 'down' }, target_rate: { lt: { $field: 'baseline_rate' } } },
          ],
        },
      ),
      field: 'target_rate',
      message: ['目标须比基线更好', 'The target must be better than the baseline'],
    },
    {
      name: 'target_beyond_baseline_value',
      when: where(
        { target_kind: { eq: 'absolute' }, baseline_value: { notNull: true }, target_value: { notNull: true } },
        {
          or: [
            { direction: { eq: 'up' }, target_value: { gt: { $field: 'baseline_value' } } },
            { direction: { eq: 'down' }, target_value: { lt: { $field: 'baseline_value' } } },
          ],
        },
      ),
      field: 'target_value',
      message: ['目标须比基线更好', 'The target must be better than the baseline'],
    },
    {
      name: 'money_has_no_points',
      when: where({ target_kind: { eq: 'points' } }, { measure: { ne: 'money' } }),
      field: 'target_kind',
      message: ['金额没有“点”，请选择达到某个值或相对变化', 'Money has no points; choose a value or a relative change'],
    },
    {
      name: 'months_in_order',
      when: { to_month: { gt: { $field: 'from_month' } } },
      field: 'to_month',
      message: ['截止月须晚于起始月', 'It must end after it begins'],
    },
  ],
  access: { operator: 'crudix', manager: 'crudix', reviewer: 'r', customer_service: 'r', analyst: 'rx', viewer: 'r' },
  list: {
    columns: ['name', 'stage', 'metric', 'segment_id', 'target_text', 'weight', 'due_on', 'owner_team'],
    sort: 'from_month',
    scopes: {
      short: { label: ['短期', 'Short term'], where: { stage: { eq: 'short' } } },
      mid: { label: ['中期', 'Mid term'], where: { stage: { eq: 'mid' } } },
      long: { label: ['长期', 'Long term'], where: { stage: { eq: 'long' } } },
      referral: { label: ['转介绍', 'Referral'], where: { stage: { eq: 'referral' } } },
      programme: { label: ['整体', 'Programme'], where: { stage: { eq: 'programme' } } },
    },
    tones: {
      dropped: { label: ['已放弃', 'Dropped'], tone: 'quiet', where: { status: { eq: 'dropped' } } },
    },
  },
  form: [
    section(
      'basics',
      ['基本信息', 'Basics'],
      [
        ['name', 'name_en'],
        ['stage', 'weight', 'status'],
      ],
    ),
    section(
      'target',
      ['指标与目标', 'Metric and target'],
      [
        ['metric', 'segment_id', 'measure'],
        ['baseline_rate', 'baseline_value', 'direction', 'target_kind'],
        ['target_rate', 'target_rate_max', 'target_value'],
        'target_text',
      ],
    ),
    section(
      'time',
      ['时间与责任', 'Time and owner'],
      [['from_month', 'to_month', 'starts_on', 'due_on'], ['owner_team', 'owner_id'], 'note'],
    ),
  ],
});
