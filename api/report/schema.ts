/** Stage 2: the YAML head of a report read strictly into its definition; unknown keys and values get the nearest name. */
import type { Node } from 'yaml';
import { nameHint } from '../closest-name.ts';
import { type Pair, ROLES } from '../contract.ts';
import type { ReportDefinition, ReportTone } from '../contract-reports.ts';
import { readChart, readDrill } from './chart-schema.ts';
import { readTests } from './checks-schema.ts';
import { readCompare, readEvents } from './comparison-schema.ts';
import { labelsOf, type Metrics, UNITS } from './metrics.ts';
import { type ParamNodes, readParams } from './param-schema.ts';
import type { YamlPart } from './parse.ts';
import { readRun } from './run-schema.ts';
import { readStatus } from './status-schema.ts';
import {
  booleanOf,
  failNode,
  listOf,
  mapEntries,
  need,
  numberOf,
  oneOf,
  pairOf,
  rootMap,
  strictMap,
  textOf,
} from './yaml.ts';

export const REPORT_KEYS = [
  'report',
  'title',
  'describe',
  'owner',
  'params',
  'columns',
  'chart',
  'compare',
  'events',
  'drill',
  'status',
  'run',
  'limits',
  'access',
  'tests',
] as const;
export const COLUMN_ROLES = ['time', 'series', 'category', 'measure', 'weight', 'detail'] as const;
export const COLUMN_KEYS = ['role', 'label', 'metric', 'unit', 'labels', 'tones', 'hidden'] as const;
const TONES: readonly ReportTone[] = ['good', 'warning', 'bad', 'quiet'];
export const LIMIT_KEYS = ['rows', 'timeout'] as const;
export const ACCESS_KEYS = ['roles'] as const;
const MAX_ROWS = 50_000;
const MAX_SECONDS = 60;

/** A definition and the nodes that later stages point at. */
export interface ReadDefinition {
  definition: ReportDefinition;
  part: YamlPart;
  params: ParamNodes;
  columns: { [name: string]: Node };
  drill: Node | null;
  /** Of each test. */
  tests: Node[];
}

/** @throws ReportError at the first thing that does not fit. */
export function readDefinition(part: YamlPart, slug: string, { metrics, dimensions }: Metrics): ReadDefinition {
  const root = rootMap(part);
  const at = strictMap(part, root, 'report', REPORT_KEYS);
  const entry = (key: (typeof REPORT_KEYS)[number], hint?: Pair) => need(part, root, at[key], 'report', key, hint).node;
  const version = entry('report', ['第一行写 report: 1', 'Start with report: 1']);
  if (numberOf(part, version, 'report') !== 1) {
    failNode(part, version, 'unknown_version', ['只支持 report: 1', 'Only report: 1 is supported']);
  }
  const title = pairOf(part, entry('title'), 'title');
  const params = readParams(part, at.params?.node ?? null);
  const columns = readColumns(part, entry('columns'), { metrics, dimensions });
  const chart = readChart(part, entry('chart'), columns.columns);
  const shown = { columns: columns.columns, chart, params: params.params };
  const drill = at.drill ? readDrill(part, at.drill.node, columns.columns) : null;
  const tests = at.tests ? readTests(part, at.tests.node, columns.columns) : null;
  return {
    definition: {
      slug,
      area: slug.split('/')[0]!,
      title,
      ...(tests ? { tests: tests.tests } : {}),
      ...(at.describe ? { describe: pairOf(part, at.describe.node, 'describe') } : {}),
      ...(at.owner ? { owner: textOf(part, at.owner.node, 'owner') } : {}),
      params: params.params,
      columns: columns.columns,
      chart,
      ...(drill ? { drill } : {}),
      ...(at.compare ? { compare: readCompare(part, at.compare.node, shown) } : {}),
      ...(at.events ? { events: readEvents(part, at.events.node, shown) } : {}),
      ...(at.run ? { run: readRun(part, at.run.node) } : {}),
      ...(at.status ? { status: readStatus(part, at.status.node, { columns: columns.columns, metrics }) } : {}),
      limits: readLimits(part, at.limits?.node ?? null),
      access: readAccess(
        part,
        entry('access', [
          '例如 access: { roles: [analyst, manager] }',
          'For example access: { roles: [analyst, manager] }',
        ]),
      ),
    },
    part,
    params: params.nodes,
    columns: columns.nodes,
    drill: at.drill?.node ?? null,
    tests: tests?.nodes ?? [],
  };
}

type Tones = { [value: string]: ReportTone };
function tonesOf(part: YamlPart, node: Node, labels: object): Tones {
  const tones: Tones = {};
  for (const entry of mapEntries(part, node, 'tones')) {
    oneOf(part, entry.key_node, 'tones', Object.keys(labels));
    tones[entry.key] = oneOf(part, entry.node, entry.key, TONES);
  }
  return tones;
}

function readColumns(part: YamlPart, node: Node, { metrics, dimensions }: Pick<Metrics, 'metrics' | 'dimensions'>) {
  const columns: ReportDefinition['columns'] = {};
  const nodes: { [name: string]: Node } = {};
  for (const { key: name, key_node, node: value } of mapEntries(part, node, 'columns')) {
    const at = strictMap(part, value, name, COLUMN_KEYS);
    const role = oneOf(part, need(part, value, at.role, name, 'role').node, 'role', COLUMN_ROLES);
    const measured = role === 'measure' || role === 'weight';
    const code = at.metric ? textOf(part, at.metric.node, 'metric') : undefined;
    const metric = code === undefined ? undefined : metrics.get(code);
    if (at.metric && !metric) {
      failNode(
        part,
        at.metric.node,
        'unknown_metric',
        [`没有 ${code} 这个指标`, `There is no metric ${code}`],
        nameHint(code!, metrics.keys()),
      );
    }
    if (measured && !metric) {
      failNode(
        part,
        key_node,
        'metric_missing',
        [`数值列 ${name} 没有写 metric`, `The measured column ${name} names no metric`],
        [
          '指标在 reports/metrics/ 里，每个一个文件；没有就先加一个',
          'Metrics live in reports/metrics/, one file each; add one if yours is missing',
        ],
      );
    }
    const known = dimensions.get(name);
    const label = at.label ? pairOf(part, at.label.node, 'label') : (metric?.label ?? known?.label);
    if (!label) {
      failNode(
        part,
        key_node,
        'label_missing',
        [`列 ${name} 没有写 label`, `The column ${name} has no label`],
        [
          '写 label: [中文, English]；常用的列在 reports/metrics/_dimensions.yaml',
          'Write label: [中文, English]; columns known everywhere are in reports/metrics/_dimensions.yaml',
        ],
      );
    }
    const unit = at.unit ? oneOf(part, at.unit.node, 'unit', UNITS) : metric?.unit;
    const hidden = at.hidden ? booleanOf(part, at.hidden.node, 'hidden') : false;
    const labels = at.labels ? labelsOf(part, at.labels.node) : measured ? undefined : known?.labels;
    const tones = at.tones ? tonesOf(part, at.tones.node, labels ?? {}) : undefined;
    columns[name] = {
      role,
      label,
      ...(code ? { metric: code } : {}),
      ...(unit ? { unit } : {}),
      ...(metric && metric.good !== 'none' ? { good: metric.good } : {}),
      ...(labels ? { labels } : {}),
      ...(tones ? { tones } : {}),
      ...(hidden ? { hidden } : {}),
    };
    nodes[name] = key_node;
  }
  for (const [name, column] of Object.entries(columns)) {
    const metric = metrics.get(column.metric ?? '');
    if (metric?.kind !== 'ratio' || Object.values(columns).some((other) => other.metric === metric.den)) continue;
    failNode(
      part,
      nodes[name],
      'ratio_without_weight',
      [
        `比率列 ${name} 缺少分母列（指标 ${metric.den}）`,
        `The ratio ${name} stands without its denominator (metric ${metric.den})`,
      ],
      [`加一列 { role: weight, metric: ${metric.den} }`, `Add a column { role: weight, metric: ${metric.den} }`],
    );
  }
  return { columns, nodes };
}

function readLimits(part: YamlPart, node: Node | null): ReportDefinition['limits'] {
  const at = node ? strictMap(part, node, 'limits', LIMIT_KEYS) : {};
  const rows = at.rows ? numberOf(part, at.rows.node, 'rows') : 2000;
  if (at.rows && !(Number.isInteger(rows) && rows >= 1 && rows <= MAX_ROWS)) {
    failNode(
      part,
      at.rows.node,
      'limit_out_of_range',
      [`rows 要在 1 到 ${MAX_ROWS} 之间`, `rows must be between 1 and ${MAX_ROWS}`],
      ['更多行请在 SQL 里先汇总', 'Aggregate in SQL when there are more'],
    );
  }
  const timeout = at.timeout ? textOf(part, at.timeout.node, 'timeout') : '10s';
  const seconds = /^(\d{1,3})s$/.exec(timeout)?.[1];
  if (at.timeout && (!seconds || Number(seconds) < 1 || Number(seconds) > MAX_SECONDS)) {
    failNode(
      part,
      at.timeout.node,
      'limit_out_of_range',
      [`timeout 要在 1s 到 ${MAX_SECONDS}s 之间`, `timeout must be between 1s and ${MAX_SECONDS}s`],
      ['例如 timeout: 10s', 'For example timeout: 10s'],
    );
  }
  return { rows, timeout };
}

function readAccess(part: YamlPart, node: Node): ReportDefinition['access'] {
  const at = strictMap(part, node, 'access', ACCESS_KEYS);
  const roles = listOf(part, need(part, node, at.roles, 'access', 'roles').node, 'roles');
  return { roles: roles.map((role) => oneOf(part, role, 'roles', ROLES)) };
}
