/** reports/health.yaml: which figures the daily health report holds, by which step of time, and who may read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameHint } from '../closest-name.ts';
import { type Grain, type MetricDefinition, ROLES, type Role } from '../contract.ts';
import { GRAINS } from './metrics.ts';
import { parseYaml } from './parse.ts';
import { failNode, mapEntries, need, oneOf, rootMap, strictMap, textsOf } from './yaml.ts';

export interface HealthDefinition {
  roles: Role[];
  metrics: { metric: MetricDefinition; grain: Grain }[];
}

/** @param folder reports. @throws ReportError at the line that is wrong */
export function readHealthDefinition(
  folder: string,
  registry: ReadonlyMap<string, MetricDefinition>,
): HealthDefinition {
  const source = { file: 'reports/health.yaml', text: readFileSync(join(folder, 'health.yaml'), 'utf8') };
  const part = parseYaml(source, 0, source.text.length);
  const root = rootMap(part);
  const at = strictMap(part, root, 'health', ['roles', 'metrics']);
  const roles = need(part, root, at.roles, 'health', 'roles');
  const metrics = need(part, root, at.metrics, 'health', 'metrics');
  return {
    roles: textsOf(part, roles.node, 'roles').map((role) => {
      const known = ROLES.find((each) => each === role);
      if (known) return known;
      return failNode(
        part,
        roles.node,
        'unknown_role',
        [`没有角色 ${role}`, `There is no role ${role}`],
        nameHint(role, ROLES),
      );
    }),
    metrics: mapEntries(part, metrics.node, 'metrics').map(({ key, node }) => {
      const metric = registry.get(key);
      if (metric) return { metric, grain: oneOf(part, node, key, GRAINS) };
      return failNode(
        part,
        node,
        'unknown_metric',
        [`没有指标 ${key}`, `There is no metric ${key}`],
        nameHint(key, registry.keys()),
      );
    }),
  };
}
