/** Every status rule there is: those of report files, and the targets of metrics. */
import { noted } from '../../reports/words.ts';
import type { Deps } from '../context.ts';
import type { StatusRule } from '../contract-alerts.ts';
import type { Grain, MetricDefinition } from '../contract-reports.ts';
import type { CompiledReport } from '../report/compile.ts';
import { rolesOfMetric } from '../report/seen-metrics.ts';
import { reportStore } from '../report/store.ts';

/** A rule as ops.note_alerts is told of it. */
export interface AlertRule {
  /** What it is known by: "report:sales/orders-by-day#orders/target", "metric:orders/day". */
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
export interface ReportRule {
  rule: AlertRule;
  /** The column of the report that it judges. */
  column: string;
  /** Minutes between two looks at it. */
  every: number;
  compiled: CompiledReport;
}
export interface TargetRule {
  rule: AlertRule;
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
  return status.flatMap(({ column, against, side, warn = null, bad = null, every = DAY_MINUTES, ...written }) => {
    const metric = metrics.get(written.metric);
    if (!metric) return [];
    const rule: AlertRule = {
      rule: `report:${slug}#${column}/${against}`,
      ...{ report: slug, metric: metric.code, area, unit: metric.unit, roles: access.roles },
      ...{ name: `${title[0]} · ${metric.label[0]}`, name_en: `${title[1]} · ${metric.label[1]}` },
      ...{ owner: owner ?? metric.owner, owner_id: null },
      ...{ against, side, warn, bad, for: written.for },
    };
    return { rule, column, every, compiled };
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
      const rule = async (): Promise<AlertRule> => ({
        rule: `metric:${code}/${grain}`,
        ...{ report: null, metric: code!, area: definition.area ?? 'other', unit, owner, owner_id },
        ...{ name: noted('zh', label[0], PERIODS[grain][0]), name_en: noted('en', label[1], PERIODS[grain][1]) },
        roles: await rolesOfMetric(deps, code!),
        ...{ against: 'target', side: good === 'down' ? 'above' : 'below', warn: null, bad: null, for: alert_after! },
      });
      return rule().then((made) => ({ rule: made, definition, grain }));
    }),
  );
}
