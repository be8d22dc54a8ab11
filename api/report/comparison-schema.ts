/** Stage 2, what stands beside the rows of a run: the same of other days, the target of the metric, events of the calendar. */
import type { Node } from 'yaml';
import type { Pair } from '../contract.ts';
import type { ReportDefinition } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, listOf, need, oneOf, strictMap } from './yaml.ts';

export const COMPARED_WITH = ['previous_period', 'same_period_last_year', 'target'] as const;
export const EVENT_KEYS = ['tags'] as const;
/** Kinds of what staff note in the calendar, and campaigns that begin once. */
export const EVENT_TAGS = [
  'launch',
  'promotion',
  'price',
  'holiday',
  'incident',
  'definition',
  'other',
  'campaign',
] as const;

type Read = Pick<ReportDefinition, 'columns' | 'chart' | 'params'>;

/** @throws ReportError where nothing could be drawn or asked for */
export function readCompare(part: YamlPart, node: Node, read: Read): ReportDefinition['compare'] {
  const { chart, params, columns } = read;
  const entries = listOf(part, node, 'compare');
  const compared = entries.map((entry) => oneOf(part, entry, 'compare', COMPARED_WITH));
  const again = compared.findIndex((each, at) => compared.indexOf(each) < at);
  const refuse = (at: number, code: string, message: Pair, hint: Pair) =>
    failNode(part, entries[at], code, message, hint);
  if (again >= 0) refuse(again, 'compared_twice', ['写了两次', 'It stands here twice'], ['去掉一个', 'Remove one']);
  const line = chart.kind === 'line' && !chart.color && columns[chart.x ?? '']?.role === 'time';
  if (!line && chart.kind !== 'kpi') {
    refuse(
      0,
      'compare_not_drawn',
      [
        '只有一条线、横轴是时间的 line 图，或 kpi 才能比较',
        'Only a line chart of one line over time, or a kpi, compares',
      ],
      ['去掉 compare，或去掉 chart 的 color', 'Remove compare, or color of the chart'],
    );
  }
  const ranges = Object.values(params).filter(({ type }) => type === 'daterange').length;
  for (const [at, against] of compared.entries()) {
    if (against !== 'target' && ranges !== 1) {
      refuse(
        at,
        'compare_without_period',
        ['要和另一段时间比较，参数里要有且只有一个 daterange', 'Other days need one daterange among the parameters'],
        [
          '例如 period: { type: daterange, default: last_28d }',
          'For example period: { type: daterange, default: last_28d }',
        ],
      );
    }
    if (chart.kind === 'kpi' && (against === 'target' || compared.length > 1)) {
      refuse(
        at,
        'compare_not_drawn',
        ['kpi 只与一段时间比较', 'A kpi is compared with other days, once'],
        ['写 compare: [previous_period]', 'Write compare: [previous_period]'],
      );
    }
    if (against === 'target' && chart.target) {
      refuse(
        at,
        'compared_twice',
        ['图表已有 target 列', 'The chart has a target of its own'],
        ['去掉其中一个', 'Remove one of them'],
      );
    }
    if (against === 'same_period_last_year' && chart.before) {
      refuse(
        at,
        'compared_twice',
        ['图表已有 before 列', 'The chart has what was before of its own'],
        ['去掉其中一个', 'Remove one of them'],
      );
    }
  }
  return compared;
}

/** @throws ReportError where there is no axis of days */
export function readEvents(part: YamlPart, node: Node, { columns, chart }: Read): ReportDefinition['events'] {
  const at = strictMap(part, node, 'events', EVENT_KEYS);
  const tags = listOf(part, need(part, node, at.tags, 'events', 'tags').node, 'tags');
  if (chart.kind !== 'line' || columns[chart.x ?? '']?.role !== 'time') {
    failNode(
      part,
      node,
      'events_without_time',
      ['只有横轴是时间的 line 图能标出事件', 'Events are shown on a line chart over time'],
      ['去掉 events', 'Remove events'],
    );
  }
  return { tags: tags.map((tag) => oneOf(part, tag, 'tags', EVENT_TAGS)) };
}
