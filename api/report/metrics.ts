/** The metrics registry: one YAML file per metric, and the dimensions (labels of columns that are not measured). */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nameHint } from '../closest-name.ts';
import type { MetricDefinition, Pair, ReportColumn } from '../contract.ts';
import { parseYaml, type YamlPart } from './parse.ts';
import { failAt } from './problem.ts';
import { mapEntries, need, numberOf, oneOf, pairOf, rootMap, strictMap, textOf } from './yaml.ts';

export interface Dimension {
  label: Pair;
  labels?: ReportColumn['labels'];
}
export interface Metrics {
  metrics: ReadonlyMap<string, MetricDefinition>;
  /** Columns that mean the same everywhere: a report need not label them again. */
  dimensions: ReadonlyMap<string, Dimension>;
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
] as const;

/** @param folder reports/metrics. @throws ReportError at the first entry that is wrong. */
export function readMetrics(folder: string): Metrics {
  const metrics = new Map<string, MetricDefinition>();
  let dimensions = new Map<string, Dimension>();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  for (const name of files) {
    const source = { file: `reports/metrics/${name}`, text: readFileSync(join(folder, name), 'utf8') };
    const part = parseYaml(source, 0, source.text.length);
    if (name === '_dimensions.yaml') dimensions = readDimensions(part);
    else metrics.set(basename(name, '.yaml'), readMetric(part, basename(name, '.yaml')));
  }
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
  }
  return { metrics, dimensions };
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
  };
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
