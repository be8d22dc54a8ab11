import type { Predicate } from '../contract.ts';
import { choices, f, resource, section } from '../definition.ts';
import { metricChoices } from '../report/metric-choices.ts';

const IS_RATE: Predicate = { measure: { eq: 'rate' } };

export default resource('metric_targets', {
  label: ['指标目标', 'Metric targets'],
  one: ['指标目标', 'metric target'],
  group: 'reports',
  order: 20,
  icon: 'star',
  view: 'base.metric_targets',
  title: 'metric',
  fields: {
    metric: f.choice({ label: ['指标', 'Metric'], required: true, choices: metricChoices() }),
    grain: f.choice({
      label: ['周期', 'Period'],
      required: true,
      default: 'month',
      choices: choices({
        day: ['每日', 'Day'],
        week: ['每周', 'Week'],
        month: ['每月', 'Month'],
      }),
      help: ['目标是针对每一个周期的', 'The target is for each such period'],
    }),
    measure: f.choice({
      label: ['类型', 'Type'],
      required: true,
      default: 'rate',
      choices: choices({ rate: ['比率', 'Rate'], number: ['数量', 'Number'], money: ['金额', 'Money'] }),
    }),
    target_rate: f.rate({
      label: ['目标', 'Target'],
      showWhen: IS_RATE,
      requiredWhen: IS_RATE,
      whenHidden: 'clear',
    }),
    target_value: f.decimal({
      label: ['目标值', 'Target'],
      scale: 2,
      showWhen: { not: IS_RATE },
      requiredWhen: { not: IS_RATE },
      whenHidden: 'clear',
    }),
    target_text: f.text({ label: ['目标', 'Target'], readonly: true }),
    margin_rate: f.rate({
      label: ['可接受偏差', 'Margin'],
      required: true,
      default: '0.05',
      help: [
        '没有置信区间的指标，与目标相差不超过这个比例记为“有风险”，超过记为“未达成”',
        'A figure without an interval that falls short by no more than this share of the target is at risk, not missed',
      ],
    }),
    starts_on: f.date({
      label: ['生效日期', 'From'],
      required: true,
      help: [
        '从这一天起开始的周期适用；之后的目标生效时自动结束',
        'For periods that begin on this day or later, until the next target begins',
      ],
    }),
    ends_on: f.date({ label: ['结束日期', 'Until'], help: ['留空表示一直有效', 'Empty: until there is another'] }),
    in_force: f.boolean({ label: ['当前有效', 'In force'], readonly: true }),
    owner_id: f.ref({ label: ['责任人', 'Owner'], to: 'users' }),
    alert_after: f.integer({
      label: ['连续几期后提醒', 'Alert after so many'],
      required: true,
      default: 1,
      min: 0,
      max: 12,
      help: [
        '连续这么多个完整周期有风险或未达成时提醒；0 表示不提醒',
        'An alert after so many whole periods in a row that are at risk or missed; 0: never',
      ],
    }),
    note: f.longtext({ label: ['备注', 'Note'], max: 2000 }),
  },
  rules: [
    {
      name: 'ends_after_start',
      when: { or: [{ ends_on: { null: true } }, { ends_on: { gte: { $field: 'starts_on' } } }] },
      field: 'ends_on',
      message: ['结束日期不能早于生效日期', 'It cannot end before it begins'],
    },
  ],
  access: { operator: 'r', manager: 'crudix', reviewer: 'r', analyst: 'crudix', viewer: 'r' },
  list: {
    columns: ['metric', 'grain', 'target_text', 'starts_on', 'ends_on', 'owner_id'],
    sort: '-starts_on',
    scopes: { in_force: { label: ['当前有效', 'In force'], where: { in_force: { eq: true } } } },
  },
  form: [
    section(
      'target',
      ['目标', 'Target'],
      [
        ['metric', 'grain'],
        ['measure', 'target_rate', 'target_value', 'margin_rate'],
      ],
    ),
    section('when', ['时间与责任', 'Time and owner'], [['starts_on', 'ends_on'], ['owner_id', 'alert_after'], 'note']),
  ],
});
