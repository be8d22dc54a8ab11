/**
 * The monthly retrospective worked out: the parts of the health report by month, what moved and by what, how good the data are, and
 * what became of earlier decisions. Figures come from schema report and are only put together here.
 */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { MetricSource } from '../contract-reports.ts';
import type { Retrospective, RetrospectiveAction } from '../contract-written.ts';
import { immediateText } from '../export/statement.ts';
import { shiftDate } from '../predicate/values.ts';
import { readMoment } from '../programme.ts';
import { readStandings, type Standings } from './health.ts';
import { courseParts, factsOf } from './metric-course.ts';
import { metricTests } from './metric-tests.ts';
import { type Metrics, REPORTS_FOLDER } from './metrics.ts';
import { type RetrospectiveDefinition, readRetrospectiveDefinition } from './retrospective-definition.ts';
import { definitionHash, figuresOf } from './retrospective-figures.ts';
import { figureForecasts } from './retrospective-forecasts.ts';
import { pageChanges } from './retrospective-pages.ts';
import { contributions, netSalesDrivers, ratioSplit } from './retrospective-parts.ts';
import { retrospectiveVerdict } from './retrospective-verdict.ts';
import { stageEvaluation } from './stages.ts';
import { reportStore } from './store.ts';

/** @param month_on first day of the month. @throws ReportError where reports/retrospective.yaml is wrong */
export async function retrospectiveOf(deps: Deps, { month_on }: { month_on: string }): Promise<Retrospective> {
  const registry = await reportStore(deps).metrics();
  const definition = readRetrospectiveDefinition(REPORTS_FOLDER, registry.metrics);
  const { time_zone } = await readMoment(deps.db, null);
  const last_on = lastDay(month_on);
  const standings = await readStandings(deps, {
    registry: registry.metrics,
    asked: definition.metrics.map((metric) => ({ metric, grain: 'month' })),
    reported_on: last_on,
    within: { first_on: month_on, last_on },
  });
  const { stages, effects } = await stageEvaluation(deps, { reported_on: last_on });
  const asked = { month_on, time_zone, ...registry };
  const forecasts = await figureForecasts(deps, { last_on, ...asked });
  const parts = {
    ...{ month_on, last_on, known_until: standings.known_until, currency: standings.currency },
    scorecard: standings.metrics.map((metric) => {
      const { owner, version } = registry.metrics.get(metric.code)!;
      return { ...metric, owner, version };
    }),
    drivers: await netSalesDrivers(deps, asked),
    contributions: await inTurn(definition.contributions, (each) => contributions(deps, each, asked)),
    splits: await splits(deps, definition, asked, standings),
    ...{ campaigns: standings.campaigns, stages, forecasts },
    effects: effects.filter(
      ({ drawn_from_on, drawn_until_on }) => drawn_from_on <= last_on && drawn_until_on >= month_on,
    ),
    pages: await pageChanges(deps, asked),
    ...{ budgets: standings.budgets, incidents: standings.incidents },
    carried: await actionsBefore(deps, month_on),
    waits: definition.waits.filter(({ chapter }) => chapter !== 'forecast' || forecasts.length === 0),
    definitions: definitions(deps, definition, registry),
    quality: { freshness: standings.freshness, failed_tests: failedTests(definition, standings), restated: [] },
  };
  const figures = figuresOf(parts, (code) => {
    const metric = registry.metrics.get(code);
    return metric ? definitionHash(metric, registry.metrics) : '';
  });
  const restated = await restatedFigures(deps, month_on, figures);
  return {
    ...parts,
    quality: { ...parts.quality, restated },
    verdict: retrospectiveVerdict(parts, standings),
    figures,
  };
}

async function inTurn<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const each of all) done.push(await work(each));
  return done;
}

/** The last day of the month that begins on the day. */
export function lastDay(month_on: string): string {
  return shiftDate(firstOfNext(month_on), -1)!;
}

export function firstOfNext(month_on: string): string {
  return `${shiftDate(month_on, 31)!.slice(0, 7)}-01`;
}

/** Of a ratio that matures its last settled month, as the scorecard has it. */
async function splits(
  deps: Deps,
  definition: RetrospectiveDefinition,
  asked: Parameters<typeof ratioSplit>[2],
  { metrics }: Standings,
): Promise<Retrospective['splits']> {
  const all = await inTurn(definition.splits, async (each) => {
    const step = metrics.find(({ code }) => code === each.metric.code)?.latest;
    const month_on = each.metric.matures ? step?.step_on : asked.month_on;
    return month_on ? ratioSplit(deps, each, { ...asked, month_on }) : null;
  });
  return all.filter((split) => split !== null);
}

/** Of the steps that are shown, which say what cannot be. */
function failedTests({ metrics }: RetrospectiveDefinition, { courses }: Standings) {
  return metrics.flatMap((metric) => {
    const course = courses.get(metric.code);
    if (!course) return [];
    return metricTests(metric, course)
      .filter(({ passed, name }) => !passed && name !== 'known')
      .map(({ label, wrong }) => ({ metric: metric.label, test: label, steps: wrong }));
  });
}

function definitions(
  { db }: Deps,
  definition: RetrospectiveDefinition,
  { metrics }: Metrics,
): Retrospective['definitions'] {
  return definition.metrics.map((metric) => {
    const parts = courseParts(metric, metrics);
    const views = [...new Set([parts?.num.view, parts?.den?.view])].filter((view) => view !== undefined);
    return {
      ...{ code: metric.code, label: metric.label, definition: metric.definition, version: metric.version },
      ...{ since: metric.since, sha256: definitionHash(metric, metrics), views },
      queries: [parts?.num, parts?.den].flatMap((source) => (source ? [byMonth(db, source)] : [])),
    };
  });
}

/** What somebody runs to see the sums again. */
function byMonth(db: Deps['db'], source: MetricSource): string {
  const month = sql<string>`date_trunc('month', ${sql.ref(`source.${source.time}`)}::timestamp)::date`;
  const query = factsOf(db, source)
    .select([month.as('month_on'), sql<string>`sum(${sql.ref(`source.${source.value}`)})`.as('amount')])
    .groupBy(sql`1`)
    .orderBy(sql`1`);
  return immediateText(query.toOperationNode());
}

async function actionsBefore(deps: Deps, month_on: string): Promise<RetrospectiveAction[]> {
  return readActions(deps, (query) =>
    query
      .where('actions.month_on', '<', month_on)
      .where(({ eb, or }) => or([eb('actions.status', '=', 'open'), eb('actions.closed_on', '>=', month_on)])),
  );
}

/** Those of a month. */
export async function actionsOf(deps: Deps, month_on: string): Promise<RetrospectiveAction[]> {
  return readActions(deps, (query) => query.where('actions.month_on', '=', month_on));
}

async function readActions(
  { db }: Deps,
  narrow: (query: ReturnType<typeof actionRows>) => ReturnType<typeof actionRows>,
): Promise<RetrospectiveAction[]> {
  const rows = await narrow(actionRows(db)).orderBy('actions.due_on').orderBy('actions.id').execute();
  return rows as RetrospectiveAction[];
}

function actionRows(db: Deps['db']) {
  return db
    .selectFrom('base.retrospective_actions as actions')
    .innerJoin('app.users', 'app.users.id', 'actions.owner_id')
    .select([
      'actions.id',
      'actions.month_on',
      'actions.decision',
      'app.users.name as owner',
      'actions.due_on',
      'actions.metric',
      'actions.status',
      'actions.late',
      'actions.outcome',
    ]);
}

async function restatedFigures(
  { db }: Deps,
  month_on: string,
  figures: Retrospective['figures'],
): Promise<Retrospective['quality']['restated']> {
  const { rows } = await sql<{ change: Retrospective['quality']['restated'][number] }>`
    select ops.restated_figures(${month_on}::date, ${JSON.stringify(figures)}::jsonb) as change
  `.execute(db);
  return rows.map(({ change }) => change);
}
