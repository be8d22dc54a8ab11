/** Who may read which of the pages below /reports that are no report files. */
import { CLICK_ROLES } from '../clicks/heatmap-query.ts';
import type { Role } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import { readHealthDefinition } from './health-definition.ts';
import { REPORTS_FOLDER } from './metrics.ts';
import { ReportError } from './problem.ts';
import { readRetrospectiveDefinition } from './retrospective-definition.ts';
import { readStagesDefinition } from './stages-definition.ts';

type Registry = ReadonlyMap<string, MetricDefinition>;

const ROLES_OF: { [slug: string]: (registry: Registry) => readonly Role[] } = {
  health: (registry) => readHealthDefinition(REPORTS_FOLDER, registry).roles,
  heatmap: () => CLICK_ROLES,
  retrospectives: (registry) => readRetrospectiveDefinition(REPORTS_FOLDER, registry).roles,
  stages: (registry) => readStagesDefinition(REPORTS_FOLDER, registry).roles,
};

/** @returns the slugs of those that `may` read; one whose file is wrong is among them, since its page says what is wrong */
export function readablePages(registry: Registry, may: (roles: readonly Role[]) => boolean): string[] {
  return Object.keys(ROLES_OF).filter((slug) => {
    try {
      return may(ROLES_OF[slug]!(registry));
    } catch (error) {
      if (error instanceof ReportError) return true;
      throw error;
    }
  });
}
