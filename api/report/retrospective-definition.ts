/** reports/retrospective.yaml: what the monthly retrospective holds, and who reads, writes and signs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameHint } from '../closest-name.ts';
import { type Pair, ROLES, type Role } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import { RETROSPECTIVE_CHAPTERS, type RetrospectiveChapter } from '../contract-written.ts';
import { parseYaml } from './parse.ts';
import { failNode, listOf, mapEntries, need, oneOf, pairOf, rootMap, strictMap, textOf } from './yaml.ts';

export interface RetrospectiveDefinition {
  roles: Role[];
  writers: Role[];
  signers: Role[];
  metrics: MetricDefinition[];
  /** Sums by a column of their view. */
  contributions: { metric: MetricDefinition; by: string }[];
  /** Ratios by a column that both of their views have. */
  splits: { metric: MetricDefinition; by: string }[];
  waits: { chapter: RetrospectiveChapter; what: Pair }[];
}

const KEYS = ['roles', 'writers', 'signers', 'metrics', 'contributions', 'splits', 'waits'] as const;

/** @param folder reports. @throws ReportError at the line that is wrong */
export function readRetrospectiveDefinition(
  folder: string,
  registry: ReadonlyMap<string, MetricDefinition>,
): RetrospectiveDefinition {
  const source = { file: 'reports/retrospective.yaml', text: readFileSync(join(folder, 'retrospective.yaml'), 'utf8') };
  const part = parseYaml(source, 0, source.text.length);
  const root = rootMap(part);
  const at = strictMap(part, root, 'retrospective', KEYS);
  const entry = (key: (typeof KEYS)[number]) => need(part, root, at[key], 'retrospective', key).node;
  const roles = (key: 'roles' | 'writers' | 'signers') =>
    listOf(part, entry(key), key).map((node) => oneOf(part, node, key, ROLES));
  const metric = (code: string, node: Parameters<typeof failNode>[1]): MetricDefinition =>
    registry.get(code) ??
    failNode(
      part,
      node,
      'unknown_metric',
      [`没有指标 ${code}`, `There is no metric ${code}`],
      nameHint(code, registry.keys()),
    );
  const byColumn = (key: 'contributions' | 'splits', wanted: (of: MetricDefinition) => boolean) =>
    mapEntries(part, entry(key), key).map(({ key: code, key_node, node }) => {
      const found = metric(code, key_node);
      if (!wanted(found))
        failNode(part, key_node, 'wrong_kind', [`${key} 不能用 ${code}`, `${key} cannot hold ${code}`]);
      return { metric: found, by: textOf(part, node, code) };
    });
  return {
    roles: roles('roles'),
    writers: roles('writers'),
    signers: roles('signers'),
    metrics: listOf(part, entry('metrics'), 'metrics').map((node) => metric(textOf(part, node, 'metrics'), node)),
    contributions: byColumn('contributions', ({ source, additive }) => source !== undefined && additive === 'all'),
    splits: byColumn('splits', ({ kind }) => kind === 'ratio'),
    waits: mapEntries(part, entry('waits'), 'waits').map(({ key, key_node, node }) => ({
      chapter: oneOf(part, key_node, 'waits', RETROSPECTIVE_CHAPTERS) && (key as RetrospectiveChapter),
      what: pairOf(part, node, key),
    })),
  };
}
