/** reports/stages.yaml: what each stage of the programme looks at, what may be done about it, and who may read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair, Role } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import { metricNamed, rolesNamed } from './known-names.ts';
import { parseYaml, type YamlPart } from './parse.ts';
import { failNode, listOf, mapEntries, need, numberOf, pairOf, rootMap, strictMap, textOf } from './yaml.ts';

type Registry = ReadonlyMap<string, MetricDefinition>;
type Node = Parameters<typeof mapEntries>[1];

export interface StagesDefinition {
  roles: Role[];
  stages: StageDefinition[];
  /** By metric. */
  advice: ReadonlyMap<string, { text: Pair; to: string }>;
}
export interface StageDefinition {
  stage: string;
  label: Pair;
  /** Of the programme: from the first on, before the second. */
  months: [from: number, to: number];
  /** What it looks at, also where nobody has set a goal. */
  metrics: MetricDefinition[];
}

/** @param folder reports. @throws ReportError at the line that is wrong */
export function readStagesDefinition(folder: string, registry: Registry): StagesDefinition {
  const source = { file: 'reports/stages.yaml', text: readFileSync(join(folder, 'stages.yaml'), 'utf8') };
  const part = parseYaml(source, 0, source.text.length);
  const root = rootMap(part);
  const at = strictMap(part, root, 'stages', ['roles', 'stages', 'advice']);
  const entry = (key: 'roles' | 'stages') => need(part, root, at[key], 'stages', key).node;
  return {
    roles: rolesNamed(part, entry('roles')),
    stages: mapEntries(part, entry('stages'), 'stages').map(({ key, node }) => readStage(part, key, node, registry)),
    advice: new Map(
      (at.advice ? mapEntries(part, at.advice.node, 'advice') : []).map(({ key, node }) => {
        const { code } = metricNamed(part, node, key, registry);
        const of = strictMap(part, node, key, ['text', 'to']);
        const to = need(part, node, of.to, key, 'to').node;
        return [
          code,
          { text: pairOf(part, need(part, node, of.text, key, 'text').node, 'text'), to: pathOf(part, to) },
        ];
      }),
    ),
  };
}

function readStage(part: YamlPart, stage: string, node: Node, registry: Registry): StageDefinition {
  const at = strictMap(part, node, stage, ['label', 'months', 'metrics']);
  const entry = (key: 'label' | 'months' | 'metrics') => need(part, node, at[key], stage, key).node;
  const [from, to, ...more] = listOf(part, entry('months'), 'months').map((each) => numberOf(part, each, 'months'));
  if (from === undefined || to === undefined || more.length > 0 || from < 0 || from >= to || to > 120) {
    failNode(part, entry('months'), 'wrong_type', [
      'months 要写两个月数，小的在前，例如 [0, 3]',
      'months takes two numbers of months, the lower first, such as [0, 3]',
    ]);
  }
  return {
    stage,
    label: pairOf(part, entry('label'), 'label'),
    months: [from, to],
    metrics: listOf(part, entry('metrics'), 'metrics').map((each) =>
      metricNamed(part, each, textOf(part, each, 'metrics'), registry),
    ),
  };
}

/** A page of the console. */
function pathOf(part: YamlPart, node: Node): string {
  const path = textOf(part, node, 'to');
  if (/^\/[a-z0-9_/-]*$/.test(path)) return path;
  return failNode(part, node, 'wrong_type', [
    'to 要写本系统里的一个页面，例如 /campaigns',
    'to must be a page of this console, such as /campaigns',
  ]);
}
