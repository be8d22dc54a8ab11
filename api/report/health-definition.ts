/** reports/health.yaml: which figures the daily health report holds, by which step of time, and who may read it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../contract.ts';
import type { Grain, MetricDefinition } from '../contract-reports.ts';
import { metricNamed, rolesNamed } from './known-names.ts';
import { GRAINS } from './metrics.ts';
import { parseYaml } from './parse.ts';
import { mapEntries, need, oneOf, rootMap, strictMap } from './yaml.ts';

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
    roles: rolesNamed(part, roles.node),
    metrics: mapEntries(part, metrics.node, 'metrics').map(({ key, node }) => ({
      metric: metricNamed(part, node, key, registry),
      grain: oneOf(part, node, key, GRAINS),
    })),
  };
}
