/** Stage 2, the chart and where a click leads: kinds, the places each needs, and columns that exist and fit. */
import type { Node } from 'yaml';
import { nameHint } from '../closest-name.ts';
import type { ReportChart, ReportDefinition } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, jsonOf, listOf, mapEntries, need, oneOf, strictMap, textOf } from './yaml.ts';

export const CHART_KINDS = [
  'kpi',
  'line',
  'column',
  'stacked',
  'area',
  'cell',
  'heatmap',
  'sankey',
  'funnel',
  'scatter',
  'combo',
  'table',
] as const;
/** What may be drawn beside a line. */
const BESIDE = ['target', 'before', 'limit_low', 'limit_high'] as const;
export const PLACES = ['x', 'y', 'color', 'value', 'step', 'line', 'low', 'high', ...BESIDE] as const;
export const DRILL_KEYS = ['to', 'pass'] as const;
/** What each kind of chart needs beside what it may have. */
const CHART_NEEDS: { [kind in (typeof CHART_KINDS)[number]]: readonly (keyof ReportChart)[] } = {
  kpi: ['y'],
  line: ['x', 'y'],
  column: ['x', 'y'],
  stacked: ['x', 'y', 'color'],
  area: ['x', 'y', 'color'],
  cell: ['x', 'y', 'value'],
  heatmap: ['x', 'y', 'value'],
  sankey: ['x', 'y', 'value'],
  funnel: ['x', 'y'],
  scatter: ['x', 'y'],
  combo: ['x', 'y', 'line'],
  table: [],
};
/** Places of a chart that hold a number. */
const NUMERIC: { [kind: string]: readonly string[] } = { cell: ['value'], heatmap: ['value'], sankey: ['value'] };

export function readChart(part: YamlPart, node: Node, columns: ReportDefinition['columns']): ReportChart {
  const at = strictMap(part, node, 'chart', ['kind', ...PLACES]);
  const chart: ReportChart = {
    kind: oneOf(part, need(part, node, at.kind, 'chart', 'kind').node, 'kind', CHART_KINDS),
  };
  for (const place of PLACES) {
    const found = at[place];
    if (!found) continue;
    const name = textOf(part, found.node, place);
    const column = columns[name];
    if (!column) {
      failNode(
        part,
        found.node,
        'unknown_column',
        [`columns 里没有 ${name}`, `columns has no ${name}`],
        nameHint(name, Object.keys(columns)),
      );
    }
    const numeric = (NUMERIC[chart.kind] ?? ['y', 'value', 'step', 'line', 'low', 'high', ...BESIDE]).includes(place);
    if (numeric && column.role !== 'measure' && column.role !== 'weight') {
      failNode(
        part,
        found.node,
        'not_a_measure',
        [
          `图表的 ${place} 要用数值列，${name} 的角色是 ${column.role}`,
          `${place} of the chart needs a measure; ${name} is ${column.role}`,
        ],
        nameHint(
          '',
          Object.keys(columns).filter((each) => columns[each]!.role === 'measure'),
        ),
      );
    }
    chart[place] = name;
  }
  for (const place of CHART_NEEDS[chart.kind]) {
    if (!chart[place]) {
      failNode(part, node, 'chart_incomplete', [
        `${chart.kind} 图缺少 ${place}`,
        `A ${chart.kind} chart needs ${place}`,
      ]);
    }
  }
  if (BESIDE.some((place) => chart[place]) && (chart.kind !== 'line' || chart.color)) {
    failNode(
      part,
      node,
      'chart_incomplete',
      [`${BESIDE.join('、')} 只用于没有 color 的 line 图`, `${BESIDE.join(', ')} are for a line without color`],
      ['去掉这些，或去掉 color', 'Leave them out, or color'],
    );
  }
  if (chart.step && chart.kind !== 'sankey')
    failNode(part, node, 'chart_incomplete', ['step 只用于 sankey 图', 'step is for a sankey chart']);
  if ((chart.limit_low === undefined) !== (chart.limit_high === undefined)) {
    failNode(part, node, 'chart_incomplete', [
      'limit_low 和 limit_high 要一起写',
      'limit_low and limit_high go together',
    ]);
  }
  if ((chart.low === undefined) !== (chart.high === undefined)) {
    failNode(part, node, 'chart_incomplete', ['low 和 high 要一起写', 'low and high go together']);
  }
  return chart;
}

export function readDrill(part: YamlPart, node: Node, columns: ReportDefinition['columns']): ReportDefinition['drill'] {
  const at = strictMap(part, node, 'drill', DRILL_KEYS);
  const to = textOf(part, need(part, node, at.to, 'drill', 'to').node, 'to');
  const pass: { [target: string]: string } = {};
  const pass_node = need(part, node, at.pass, 'drill', 'pass').node;
  const list = jsonOf(pass_node);
  const pairs: [target: string, column: Node][] = Array.isArray(list)
    ? listOf(part, pass_node, 'pass').map((item) => [textOf(part, item, 'pass'), item])
    : mapEntries(part, pass_node, 'pass').map(({ key, node: column }) => [key, column]);
  for (const [target, column_node] of pairs) {
    const column = textOf(part, column_node, target);
    if (!columns[column]) {
      failNode(
        part,
        column_node,
        'unknown_column',
        [`columns 里没有 ${column}`, `columns has no ${column}`],
        nameHint(column, Object.keys(columns)),
      );
    }
    pass[target] = column;
  }
  return { to, pass };
}
