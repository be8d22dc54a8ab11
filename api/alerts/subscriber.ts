/** A subscriber as the one who asks: what they are told of is what they could read this moment, by their roles of now. */
import type { Caller, Deps } from '../context.ts';
import type { AlertNotice, SubscriptionAbout } from '../contract-alerts.ts';
import type { MetricDefinition, ReportDefinition } from '../contract-reports.ts';
import { seenMetrics } from '../report/seen-metrics.ts';
import { builtInRoles, callerOf } from '../sign-in/sessions.ts';

export interface Sight {
  reports: ReadonlyMap<string, ReportDefinition>;
  metrics: ReadonlyMap<string, MetricDefinition>;
  areas: ReadonlySet<string>;
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
  return { reports, metrics, areas: new Set([...(seen?.reports ?? []).map(({ area }) => area), ...of_metrics]) };
}

export function maySee(sight: Sight, about: SubscriptionAbout, target: string): boolean {
  if (about === 'report') return sight.reports.has(target);
  if (about === 'metric') return sight.metrics.has(target);
  return sight.areas.has(target);
}

/** Of a report to its readers; of a metric's target to whoever may see the metric. */
export function mayHear(sight: Sight, { report, metric }: Pick<AlertNotice, 'report' | 'metric'>): boolean {
  return report === null ? sight.metrics.has(metric) : sight.reports.has(report);
}
