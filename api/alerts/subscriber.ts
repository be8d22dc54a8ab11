/** A subscriber as the one who asks: what they are told of is what they could read this moment, by their roles of now. */
import type { Caller, Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import type { AlertNotice, SubscriptionAbout } from '../contract-alerts.ts';
import type { MetricDefinition, ReportDefinition } from '../contract-reports.ts';
import { seenMetrics } from '../report/seen-metrics.ts';
import { reportStore } from '../report/store.ts';
import { builtInRoles, callerOf } from '../sign-in/sessions.ts';

export interface Sight {
  reports: ReadonlyMap<string, ReportDefinition>;
  metrics: ReadonlyMap<string, MetricDefinition>;
  /** By name, with their headings. */
  areas: ReadonlyMap<string, Pair>;
}

/** @returns null for whoever may not sign in */
export async function subscriberOf({ db }: Pick<Deps, 'db'>, user_id: number): Promise<Caller | null> {
  const found = await db
    .selectFrom('app.users as users')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.pii', 'users.lang'])
    .select(builtInRoles.as('stands_for'))
    .where('users.id', '=', user_id)
    .where('users.status', '=', 'active')
    .executeTakeFirst();
  return found ? callerOf(found) : null;
}

export async function sightOf(deps: Deps, caller: Caller): Promise<Sight> {
  const seen = await seenMetrics(deps, caller);
  const reports = new Map((seen?.reports ?? []).map((report) => [report.slug, report]));
  const metrics = seen?.registry ?? new Map();
  const of_metrics = [...metrics.values()].flatMap(({ area }: MetricDefinition) => area ?? []);
  const headings = await areaNames(deps);
  const names = [...(seen?.reports ?? []).map(({ area }) => area), ...of_metrics];
  return { reports, metrics, areas: new Map(names.map((name) => [name, headings.get(name) ?? [name, name]])) };
}

/** Of areas of reports and of metrics. */
export async function areaNames(deps: Deps): Promise<ReadonlyMap<string, Pair>> {
  const store = reportStore(deps);
  const [areas, { areas: of_metrics }] = [await store.areas(), await store.metrics()];
  return new Map([...of_metrics, ...areas].map(({ name, label }) => [name, label]));
}

/** What people call it; null where they may not see it. */
export function nameOf(sight: Sight, about: SubscriptionAbout, target: string): Pair | null {
  if (about === 'report') return sight.reports.get(target)?.title ?? null;
  if (about === 'metric') return sight.metrics.get(target)?.label ?? null;
  return sight.areas.get(target) ?? null;
}

/** Of a report to its readers; of a metric's target to whoever may see the metric. */
export function mayHear(sight: Sight, { report, metric }: Pick<AlertNotice, 'report' | 'metric'>): boolean {
  return report === null ? sight.metrics.has(metric) : sight.reports.has(report);
}
