/** The metrics registry: one YAML file per metric, and the dimensions (labels of columns that are not measured). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { nameHint } from '../closest-name.ts';
import type { Pair } from '../contract.ts';
import type { MetricDefinition, MetricSource, ReportArea, ReportColumn } from '../contract-reports.ts';
import { parseYaml, type YamlPart } from './parse.ts';
import { failAt } from './problem.ts';
import {
  failNode,
  jsonOf,
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

export const REPORTS_FOLDER = resolve(import.meta.dirname, '..', '..', 'reports');

export interface Dimension {
  label: Pair;
  labels?: ReportColumn['labels'];
}
export interface Metrics {
  metrics: ReadonlyMap<string, MetricDefinition>;
  /** Columns that mean the same everywhere: a report need not label them again. */
  dimensions: ReadonlyMap<string, Dimension>;
  /** The parts of the registry, in their order. */
  areas: readonly ReportArea[];
}

export const UNITS = ['count', 'money', 'rate', 'days', 'number'] as const;
const KEYS = [
  'label',
  'definition',
  'kind',
  'num',
  'den',
  'unit',
  'good',
  'additive',
  'ci',
  'owner',
  'since',
  'version',
  'area',
  'source',
  'by_segment',
  'waits',
  'matures',
  'between',
] as const;
export const GRAINS = ['day', 'week', 'month'] as const;

/** @param folder reports/metrics. @throws ReportError at the first entry that is wrong. */
export function readMetrics(folder: string): Metrics {
  const metrics = new Map(
    readMetricFiles(folder).map((read) => {
      const metric = read();
      return [metric.code, metric];
    }),
  );
  const shared = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? partOf(name, path) : null;
  };
  const dimension_part = shared('_dimensions.yaml');
  const area_part = shared('_areas.yaml');
  const dimensions = dimension_part ? readDimensions(dimension_part) : new Map<string, Dimension>();
  const areas = area_part ? readAreas(area_part) : [];
  for (const metric of metrics.values()) {
    for (const other of [metric.num, metric.den]) {
      if (other && !metrics.has(other)) {
        failAt(
          { file: `reports/metrics/${metric.code}.yaml`, text: '' },
          0,
          'unknown_metric',
          [`指标 ${metric.code} 引用了不存在的 ${other}`, `Metric ${metric.code} names ${other}, which does not exist`],
          nameHint(other, metrics.keys()),
        );
      }
    }
    if (metric.area !== undefined && areas.length > 0 && !areas.some(({ name }) => name === metric.area)) {
      failAt(
        { file: `reports/metrics/${metric.code}.yaml`, text: '' },
        0,
        'unknown_area',
        [`没有 ${metric.area} 这个分类`, `There is no area ${metric.area}`],
        nameHint(
          metric.area,
          areas.map(({ name }) => name),
        ),
      );
    }
  }
  return { metrics, dimensions, areas };
}

/** One function per metric file, in the order of their names; each reads its file, or throws what is wrong with it. */
export function readMetricFiles(folder: string): (() => MetricDefinition)[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('_'))
    .sort()
    .map((name) => () => readMetric(partOf(name, join(folder, name)), basename(name, '.yaml')));
}

function partOf(name: string, path: string): YamlPart {
  const source = { file: `reports/metrics/${name}`, text: readFileSync(path, 'utf8') };
  return parseYaml(source, 0, source.text.length);
}

function readMetric(part: YamlPart, code: string): MetricDefinition {
  const root = rootMap(part);
  const at = strictMap(part, root, code, KEYS);
  const entry = (key: (typeof KEYS)[number]) => need(part, root, at[key], code, key).node;
  const kind = oneOf(part, entry('kind'), 'kind', ['sum', 'ratio', 'distinct', 'last', 'mean']);
  return {
    code,
    label: pairOf(part, entry('label'), 'label'),
    definition: pairOf(part, entry('definition'), 'definition'),
    kind,
    ...(kind === 'ratio' || at.num ? { num: textOf(part, entry('num'), 'num') } : {}),
    ...(kind === 'ratio' || at.den ? { den: textOf(part, entry('den'), 'den') } : {}),
    unit: oneOf(part, entry('unit'), 'unit', UNITS),
    good: oneOf(part, entry('good'), 'good', ['up', 'down', 'none']),
    additive: oneOf(part, entry('additive'), 'additive', ['all', 'time_no', 'none']),
    ci: at.ci ? oneOf(part, at.ci.node, 'ci', ['wilson', 'bootstrap', 'none']) : 'none',
    owner: textOf(part, entry('owner'), 'owner'),
    since: textOf(part, entry('since'), 'since'),
    version: numberOf(part, entry('version'), 'version'),
    area: at.area ? textOf(part, at.area.node, 'area') : 'other',
    ...(at.source ? { source: readSource(part, at.source.node) } : {}),
    ...(at.by_segment ? { by_segment: readSource(part, at.by_segment.node) } : {}),
    ...(at.waits ? { waits: pairOf(part, at.waits.node, 'waits') } : {}),
    ...(at.matures ? { matures: numberOf(part, at.matures.node, 'matures') } : {}),
    ...(at.between ? { between: readBetween(part, at.between.node) } : {}),
  };
}

function readSource(part: YamlPart, node: Parameters<typeof mapEntries>[1]): MetricSource {
  const at = strictMap(part, node, 'source', ['view', 'time', 'value', 'grain', 'where']);
  const name = (key: 'view' | 'time' | 'value') => textOf(part, need(part, node, at[key], 'source', key).node, key);
  const where: MetricSource['where'] = {};
  for (const { key, node: value } of at.where ? mapEntries(part, at.where.node, 'where') : []) {
    const given = jsonOf(value);
    if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
      failNode(part, value, 'wrong_type', [
        `where 的 ${key} 要写一个文字、数字或 true / false`,
        `${key} of where must be a text, a number or true / false`,
      ]);
    }
    where[key] = given;
  }
  return {
    view: name('view').replace(/^report\./, ''),
    time: name('time'),
    value: name('value'),
    grain: at.grain ? oneOf(part, at.grain.node, 'grain', GRAINS) : 'day',
    where,
  };
}

function readBetween(part: YamlPart, node: Parameters<typeof mapEntries>[1]): [number, number] {
  const [low, high, ...more] = listOf(part, node, 'between').map((each) => numberOf(part, each, 'between'));
  if (low === undefined || high === undefined || more.length > 0 || low > high) {
    failNode(
      part,
      node,
      'wrong_type',
      ['between 要写两个数，小的在前', 'between takes two numbers, the lower first'],
      ['例如 between: [0, 1]', 'For example between: [0, 1]'],
    );
  }
  return [low, high];
}

function readAreas(part: YamlPart): ReportArea[] {
  return mapEntries(part, rootMap(part), 'areas').map(({ key, node }) => ({
    name: key,
    label: pairOf(part, node, key),
  }));
}

function readDimensions(part: YamlPart): Map<string, Dimension> {
  const dimensions = new Map<string, Dimension>();
  for (const { key, node } of mapEntries(part, rootMap(part), 'dimensions')) {
    const at = strictMap(part, node, key, ['label', 'labels']);
    dimensions.set(key, {
      label: pairOf(part, need(part, node, at.label, key, 'label').node, 'label'),
      ...(at.labels ? { labels: labelsOf(part, at.labels.node) } : {}),
    });
  }
  return dimensions;
}

/** { value: [zh, en], … } */
export function labelsOf(part: YamlPart, node: Parameters<typeof mapEntries>[1]): { [value: string]: Pair } {
  const labels: { [value: string]: Pair } = {};
  for (const entry of mapEntries(part, node, 'labels')) labels[entry.key] = pairOf(part, entry.node, entry.key);
  return labels;
}
