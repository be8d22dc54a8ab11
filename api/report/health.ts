/**
 * The daily health report: the figures that reports/health.yaml names with what they are compared with, and how campaigns, budgets,
 * incidents and data stand. Every figure and every status comes from the views and functions of schema report; here they are only
 * put together.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json } from '../contract.ts';
import type { Grain, MetricCourse, MetricDefinition } from '../contract-reports.ts';
import type {
  HealthBudget,
  HealthCampaign,
  HealthIncident,
  HealthMetric,
  HealthReport,
  HealthSource,
  HealthStep,
  Standing,
} from '../contract-written.ts';
import { earlier, shiftDate } from '../predicate/values.ts';
import { readMoment, readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { readHealthDefinition } from './health-definition.ts';
import { verdict } from './health-verdict.ts';
import { metricCourse } from './metric-course.ts';
import { REPORTS_FOLDER } from './metrics.ts';
import { type NamedRow, namedRows, pairOf, textOf } from './named-rows.ts';
import { ask } from './sandboxed.ts';
import { reportStore } from './store.ts';

/** How many steps of the course are shown beside a figure. */
const TREND: { [grain in Grain]: number } = { day: 30, week: 13, month: 13 };

/** @param options.reported_on the last day that counts; today by default. @throws ReportError where reports/health.yaml is wrong */
export async function healthReport(deps: Deps, { reported_on }: { reported_on?: string } = {}): Promise<HealthReport> {
  const { metrics: registry } = await reportStore(deps).metrics();
  const { metrics: asked } = readHealthDefinition(REPORTS_FOLDER, registry);
  const { courses: _, ...parts } = await readStandings(deps, {
    registry,
    asked,
    ...(reported_on ? { reported_on } : {}),
  });
  return { ...parts, verdict: verdict(parts) };
}

export type Standings = Omit<HealthReport, 'verdict'> & { courses: ReadonlyMap<string, MetricCourse | null> };

/**
 * How figures, campaigns, budgets, incidents and data stand.
 * @param options.reported_on the last day that counts; today by default
 * @param options.within campaigns of these days, over or not; those that run now by default
 */
export async function readStandings(
  deps: Deps,
  {
    registry,
    asked,
    reported_on,
    within,
  }: {
    registry: ReadonlyMap<string, MetricDefinition>;
    asked: readonly { metric: MetricDefinition; grain: Grain }[];
    reported_on?: string;
    within?: Within;
  },
): Promise<Standings> {
  const [{ today, time_zone }, { currency }] = await Promise.all([readMoment(deps.db, null), readProgramme(deps.db)]);
  const last_on = reported_on ?? today;
  const rowsOf = (view: StandingView, order: string) => standing(deps, { view, order, time_zone });
  const course = (metric: MetricDefinition, grain?: Grain) =>
    metricCourse(deps, metric, { registry, last_on, ...(grain ? { grain } : {}) });
  const metrics: HealthMetric[] = [];
  const courses = new Map<string, MetricCourse | null>();
  for (const { metric, grain } of asked) {
    const steps = await course(metric, grain);
    courses.set(metric.code, steps);
    metrics.push(metricOf(metric, grain, steps));
  }
  const budgets = (await rowsOf('report.budget_standings', 'budget_code')).map(budgetOf);
  const incidents = (await rowsOf('report.incidents', 'happened_at')).map(incidentOf);
  const freshness = (await rowsOf('report.freshness', 'source')).map(sourceOf);
  const [facts] = await rowsOf('report.programme_days', 'today_on');
  const known_until = earlier(String(facts?.known_until ?? today), shiftDate(last_on, 1)!);
  return {
    ...{ reported_on: last_on, known_until, currency, metrics, courses, budgets, incidents, freshness },
    campaigns: await campaigns(deps, { registry, time_zone, course, ...(within ? { within } : {}) }),
  };
}

type StandingView = 'report.budget_standings' | 'report.incidents' | 'report.freshness' | 'report.programme_days';

async function standing(
  deps: Deps,
  { view, order, time_zone }: { view: StandingView; order: string; time_zone: string },
): Promise<NamedRow[]> {
  return namedRows(await ask(deps, deps.db.selectFrom(view).selectAll().orderBy(sql.ref(order)), time_zone));
}

/** A figure as the health report has it, from its course. */
export function metricOf(metric: MetricDefinition, asked: Grain, course: MetricCourse | null): HealthMetric {
  const { code, label, unit, good, waits } = metric;
  const grain = course?.grain ?? asked;
  const steps = course ? namedRows(course) : [];
  const whole = steps.findLast((row) => row.state === 'whole' && row.value !== null);
  const last = steps.at(-1);
  const limits = [textOf(whole?.limit_low), textOf(whole?.limit_high)] as const;
  return {
    ...{ code, label, unit, good, grain, ...(waits ? { waits } : {}) },
    latest: whole ? stepOf(whole, unit) : null,
    running: last && last.state === 'running' && grain !== 'day' ? stepOf(last, unit) : null,
    trend: steps.slice(-TREND[grain]).map((row) => ({
      step_on: String(row.step_on),
      value: textOf(row.value),
      target: textOf(row.target),
      whole: row.state === 'whole',
      signal: row.signal === true,
    })),
    limits: limits[0] !== null && limits[1] !== null ? [limits[0], limits[1]] : null,
  };
}

function stepOf(row: NamedRow, unit: MetricDefinition['unit']): HealthStep {
  const kind = unit === 'rate' ? 'difference' : 'change';
  return {
    step_on: String(row.step_on),
    value: textOf(row.value),
    low: textOf(row.low),
    high: textOf(row.high),
    previous_value: textOf(row.previous_value),
    change: textOf(row[`previous_${kind}`]),
    last_year_value: textOf(row.last_year_value),
    last_year_change: textOf(row[`last_year_${kind}`]),
    target: textOf(row.target),
    gap: textOf(row.target_difference),
    expected: textOf(row.expected),
    status: row.status as Standing | null,
    signal: row.signal === true,
  };
}

interface Within {
  first_on: string;
  last_on: string;
}

/** Every campaign that runs, or did within those days, judged by the last whole step of the metric that it is to move. */
async function campaigns(
  deps: Deps,
  {
    registry,
    time_zone,
    course,
    within,
  }: {
    registry: ReadonlyMap<string, MetricDefinition>;
    time_zone: string;
    course: (metric: MetricDefinition) => Promise<MetricCourse | null>;
    within?: Within;
  },
): Promise<HealthCampaign[]> {
  const named_metrics = namedRows(await ask(deps, judged(deps.db, '[]', within), time_zone));
  const reached: { metric: string; value: Json; low: Json; high: Json; good: string }[] = [];
  for (const code of new Set(named_metrics.map(({ goal_metric }) => String(goal_metric)))) {
    const metric = registry.get(code);
    const steps = metric ? await course(metric) : null;
    const row = steps && namedRows(steps).findLast(({ state, value }) => state === 'whole' && value !== null);
    if (metric && row)
      reached.push({ metric: code, value: row.value!, low: row.low!, high: row.high!, good: metric.good });
  }
  const rows = namedRows(await ask(deps, judged(deps.db, JSON.stringify(reached), within), time_zone));
  return rows.map((row) => {
    const metric = registry.get(String(row.goal_metric));
    return {
      ...{ id: Number(row.campaign_id), code: String(row.campaign_code), name: pairOf(row, 'campaign_name') },
      ...{ starts_on: String(row.starts_on), ends_on: textOf(row.ends_on), repeats: textOf(row.repeat_kind) },
      goal:
        metric && row.goal !== null
          ? {
              ...{ metric: metric.code, label: metric.label, unit: metric.unit },
              ...{ target: String(row.goal), value: textOf(row.value) },
            }
          : null,
      status: row.status as Standing | null,
      budget:
        row.budget_code === null
          ? null
          : {
              ...{ code: String(row.budget_code), name: pairOf(row, 'budget_name') },
              ...{ used_rate: textOf(row.used_rate), status: row.budget_status as Standing | null },
            },
      stopped_at: textOf(row.stopped_at),
    };
  });
}

function judged(db: Kysely<DB>, reached: string, within?: Within) {
  return db
    .selectFrom('report.campaign_standings as campaigns')
    .leftJoin('report.budget_standings as budgets', 'budgets.budget_code', 'campaigns.budget_code')
    .leftJoin(
      sql<{ metric: string; value: string; low: string; high: string; good: string }>`
        jsonb_to_recordset(${reached}::jsonb)
      `.as<'reached'>(sql`reached (metric text, value numeric, low numeric, high numeric, good text)`),
      'reached.metric',
      'campaigns.goal_metric',
    )
    .selectAll('campaigns')
    .select(['reached.value', 'budgets.used_rate', 'budgets.status as budget_status'])
    .select(
      sql<string | null>`report.target_status(
        reached.value, reached.low, reached.high, campaigns.goal, reached.good, 0.05
      )`.as('status'),
    )
    .$if(within === undefined, (query) => query.where('campaigns.campaign_status', '=', 'running'))
    .$if(within !== undefined, (query) =>
      query
        .where('campaigns.starts_on', '<=', within!.last_on)
        .where(sql<boolean>`coalesce(campaigns.over_on, 'infinity') >= ${within?.first_on ?? null}::date`),
    )
    .orderBy('campaigns.starts_on')
    .orderBy('campaigns.campaign_code');
}

function budgetOf(row: NamedRow): HealthBudget {
  return {
    ...{ code: String(row.budget_code), name: pairOf(row, 'budget_name') },
    ...{ amount: String(row.budget_amount), used: String(row.used_amount), used_rate: String(row.used_rate) },
    ...{ passed_rate: textOf(row.passed_rate), lasts_until_on: textOf(row.lasts_until_on) },
    status: row.status as Standing,
  };
}

function incidentOf(row: NamedRow): HealthIncident {
  return {
    kind: row.kind as HealthIncident['kind'],
    happened_at: String(row.happened_at),
    name: pairOf(row, 'name'),
    resource: String(row.resource),
    record_id: row.record_id === null ? null : Number(row.record_id),
  };
}

function sourceOf(row: NamedRow): HealthSource {
  return {
    ...{ source: String(row.source), name: pairOf(row, 'name') },
    ...{ latest_at: textOf(row.latest_at), latest_on: textOf(row.latest_on) },
    days_behind: row.days_behind === null ? null : Number(row.days_behind),
    status: row.status as HealthSource['status'],
  };
}
