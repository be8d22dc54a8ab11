/** Every status rule there is: those of report files, and the targets of metrics. */
import type { Deps } from '../context.ts';
import type { StatusRule } from '../contract-alerts.ts';
import type { Grain, MetricDefinition } from '../contract-reports.ts';
import type { CompiledReport } from '../report/compile.ts';
import { rolesOfMetric } from '../report/seen-metrics.ts';
import { reportStore } from '../report/store.ts';

/** What ops.note_alerts keeps of a rule. */
interface Told {
  rule: string;
  report: string | null;
  metric: string;
  area: string;
  name: string;
  name_en: string;
  unit: MetricDefinition['unit'];
  roles: readonly string[];
  owner: string;
  owner_id: number | null;
  against: StatusRule['against'];
  side: StatusRule['side'];
  warn: string | null;
  bad: string | null;
  for: number;
}
export interface ReportRule extends Told {
  report: string;
  column: string;
  every: number;
  compiled: CompiledReport;
}
export interface TargetRule extends Told {
  definition: MetricDefinition;
  grain: Grain;
}
export interface Rules {
  reports: ReportRule[];
  targets: TargetRule[];
  /** Reports whose files are wrong and that never worked: what their rules were is not known. */
  unknown: string[];
}

const DAY_MINUTES = 1440;

export async function readRules(deps: Deps): Promise<Rules> {
  const store = reportStore(deps);
  const [entries, { metrics }] = [await store.list(), await store.metrics()];
  const reports = entries.flatMap(({ live }) => (live ? ofReport(live, metrics) : []));
  const unknown = entries.filter(({ live }) => live === null).map(({ slug }) => slug);
  return { reports, targets: await targets(deps, metrics), unknown };
}

function ofReport(compiled: CompiledReport, metrics: ReadonlyMap<string, MetricDefinition>): ReportRule[] {
  const { slug, area, title, owner, access, status = [] } = compiled.definition;
  return status.flatMap((rule) => {
    const metric = metrics.get(rule.metric);
    if (!metric) return [];
    return {
      rule: `report:${slug}#${rule.column}/${rule.against}`,
      ...{ report: slug, metric: metric.code, area, unit: metric.unit, roles: access.roles },
      ...{ name: `${title[0]} · ${metric.label[0]}`, name_en: `${title[1]} · ${metric.label[1]}` },
      ...{ owner: owner ?? metric.owner, owner_id: null },
      ...{ against: rule.against, side: rule.side, warn: rule.warn ?? null, bad: rule.bad ?? null, for: rule.for },
      ...{ column: rule.column, every: rule.every ?? DAY_MINUTES, compiled },
    };
  });
}

const PERIODS = { day: ['每日', 'daily'], week: ['每周', 'weekly'], month: ['每月', 'monthly'] } as const;

async function targets(deps: Deps, metrics: ReadonlyMap<string, MetricDefinition>): Promise<TargetRule[]> {
  const rows = await deps.db
    .selectFrom('base.metric_targets')
    .select(['metric', 'grain', 'owner_id', 'alert_after'])
    .where('in_force', '=', true)
    .where('alert_after', '>', 0)
    .orderBy('metric')
    .orderBy('grain')
    .execute();
  return Promise.all(
    rows.flatMap(({ metric: code, grain: written, owner_id, alert_after }) => {
      const definition = metrics.get(code!);
      const grain = written as Grain;
      if (!definition) return [];
      const { label, unit, owner, good } = definition;
      return (async (): Promise<TargetRule> => ({
        rule: `metric:${code}/${grain}`,
        ...{ report: null, metric: code!, area: definition.area ?? 'other', unit, owner, owner_id },
        ...{ name: `${label[0]}（${PERIODS[grain][0]}）`, name_en: `${label[1]} (${PERIODS[grain][1]})` },
        roles: await rolesOfMetric(deps, code!),
        ...{ against: 'target', side: good === 'down' ? 'above' : 'below', warn: null, bad: null },
        ...{ for: alert_after!, definition, grain },
      }))();
    }),
  );
}
