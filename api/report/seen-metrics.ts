/** Who may see which metrics: one shows no more than the reports that show it. */
import type { Caller, Deps } from '../context.ts';
import { ROLES, type Role } from '../contract.ts';
import type { MetricDefinition, ReportArea, ReportDefinition } from '../contract-reports.ts';
import { mayRead } from './run.ts';
import { reportStore } from './store.ts';

export interface SeenMetrics {
  registry: ReadonlyMap<string, MetricDefinition>;
  areas: readonly ReportArea[];
  uses: (metric: MetricDefinition) => readonly ReportDefinition[];
  /** Those that the caller may read. */
  reports: readonly ReportDefinition[];
}

/**
 * The registry as the caller may see it: a metric that only reports of others show is left out; one that no report shows
 * is for those who may read any report.
 * @returns null for whoever may read none
 */
export async function seenMetrics(deps: Deps, caller: Caller): Promise<SeenMetrics | null> {
  const store = reportStore(deps);
  const { metrics, areas } = await store.metrics();
  const all = await definitions(deps);
  const reports = all.filter((report) => mayRead(caller, report));
  if (reports.length === 0) return null;
  const used = usesOf(all);
  const open = usesOf(reports);
  const registry = new Map(
    [...metrics].filter(([code]) => {
      const names = namesOf(code, metrics);
      return names.some((each) => open.has(each)) || !names.some((each) => used.has(each));
    }),
  );
  return { registry, areas, reports, uses: ({ code }) => open.get(code) ?? [] };
}

/** @returns the built-in roles that may see the metric; administrators see all */
export async function rolesOfMetric(deps: Deps, code: string): Promise<readonly Role[]> {
  const { metrics } = await reportStore(deps).metrics();
  const all = await definitions(deps);
  const used = usesOf(all);
  const among = namesOf(code, metrics).flatMap((each) => used.get(each) ?? []);
  const allowed = new Set((among.length > 0 ? among : all).flatMap(({ access }) => access.roles));
  return ROLES.filter((role) => allowed.has(role));
}

async function definitions(deps: Deps): Promise<ReportDefinition[]> {
  return (await reportStore(deps).list()).flatMap(({ live }) => (live ? [live.definition] : []));
}

/** The metric, and the ratios that it is a part of. */
function namesOf(code: string, metrics: ReadonlyMap<string, MetricDefinition>): string[] {
  const among = [...metrics.values()].filter((other) => other.num === code || other.den === code);
  return [code, ...among.map((other) => other.code)];
}

function usesOf(reports: readonly ReportDefinition[]): Map<string, ReportDefinition[]> {
  const uses = new Map<string, ReportDefinition[]>();
  for (const report of reports) {
    for (const code of new Set(Object.values(report.columns).flatMap(({ metric }) => metric ?? []))) {
      uses.set(code, [...(uses.get(code) ?? []), report]);
    }
  }
  return uses;
}
