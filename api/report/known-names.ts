/** Names in report files that must exist elsewhere: a misspelt one is refused at its place, with the nearest. */
import { nameHint } from '../closest-name.ts';
import { ROLES, type Role } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, type mapEntries, textsOf } from './yaml.ts';

type Node = Parameters<typeof mapEntries>[1];

/** @param code as it stands at `node`, which may be a key */
export function metricNamed(
  part: YamlPart,
  node: Node,
  code: string,
  registry: ReadonlyMap<string, MetricDefinition>,
): MetricDefinition {
  const metric = registry.get(code);
  if (metric) return metric;
  const message = [`没有指标 ${code}`, `There is no metric ${code}`] as const;
  return failNode(part, node, 'unknown_metric', message, nameHint(code, registry.keys()));
}

export function rolesNamed(part: YamlPart, node: Node): Role[] {
  return textsOf(part, node, 'roles').map((name) => {
    const role = ROLES.find((each) => each === name);
    if (role) return role;
    const message = [`没有角色 ${name}`, `There is no role ${name}`] as const;
    return failNode(part, node, 'unknown_role', message, nameHint(name, ROLES));
  });
}
