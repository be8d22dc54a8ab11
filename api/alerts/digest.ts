/** What a subscriber is to be told: notices they may see, and in digests the figures of what they subscribed to. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { showValue } from '../../reports/cell-value.ts';
import type { Deps } from '../context.ts';
import type { Lang, Pair } from '../contract.ts';
import type { AlertNotice, SubscriptionAbout } from '../contract-alerts.ts';
import type { ReportArea } from '../contract-reports.ts';
import type { HealthMetric } from '../contract-written.ts';
import { Problem } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { metricOf } from '../report/health.ts';
import { metricCourse } from '../report/metric-course.ts';
import { runReport } from '../report/run.ts';
import { reportStore } from '../report/store.ts';
import { areaNames, mayHear, type Sight } from './subscriber.ts';

export interface Claimed {
  id: number;
  attempt: number;
  change_id: number | null;
  from_at: string | null;
  until_at: string | null;
  subscription_id: number;
  user_id: number;
  about: SubscriptionAbout;
  target: string;
  params: string;
  channel: 'email' | 'webhook';
  endpoint_id: number | null;
  frequency: 'at_once' | 'daily' | 'weekly';
  lang: Lang;
  when_quiet: 'skip' | 'send';
  status: string;
}
export interface Told {
  title: Pair;
  /** Where the screen is, below the console's address. */
  path: string;
  digest: boolean;
  notices: AlertNotice[];
  /** How that stands which the digest is about: the metric, or those of the area. */
  metrics: HealthMetric[];
  table: { head: string[]; rows: string[][]; more: number } | null;
  currency: string;
  /** Of the figures; null where there are none. */
  sha256: string | null;
}

const NOTICES_MAX = 50;
const ROWS_MAX = 12;
const COLUMNS_MAX = 6;
/** As many as the eye takes in; the others are on the page of the area. */
const FIGURES_MAX = 12;

export async function tell(deps: Deps, claimed: Claimed, sight: Sight): Promise<Told> {
  const { about, target } = claimed;
  const digest = claimed.change_id === null;
  const [notices, { currency }, areas] = await Promise.all([
    readNotices(deps, claimed),
    readProgramme(deps.db),
    areaNames(deps),
  ]);
  const report = about === 'report' ? sight.reports.get(target) : undefined;
  const metric = about === 'metric' ? sight.metrics.get(target) : undefined;
  const metrics = digest ? await figuresOf(deps, claimed, sight) : [];
  const table = digest && report ? await reportRows(deps, claimed, currency) : null;
  const shown = JSON.stringify([metrics, table]);
  return {
    title: report?.title ?? metric?.label ?? areas.get(target) ?? [target, target],
    path: pathOf(claimed, sight),
    digest,
    notices: notices.filter((notice) => mayHear(sight, notice)).slice(0, NOTICES_MAX),
    ...{ metrics, table, currency },
    sha256: metrics.length > 0 || table ? createHash('sha256').update(shown).digest('hex') : null,
  };
}

function pathOf({ about, target, params }: Claimed, { reports }: Sight): string {
  if (about === 'metric') return `/reports/metrics/${target}`;
  if (about === 'report') return `/reports/${target}${params ? `?${params}` : ''}`;
  // An area without reports has no page.
  return [...reports.values()].some(({ area }) => area === target) ? `/reports/${target}` : '/reports/metrics';
}

/** Whether there is nothing new: no notice, and the figures of the digest before. */
export async function isQuiet(
  { db }: Pick<Deps, 'db'>,
  { id, subscription_id }: Claimed,
  told: Told,
): Promise<boolean> {
  if (told.notices.length > 0 || !told.digest) return false;
  if (told.sha256 === null) return true;
  const before = await db
    .selectFrom('app.subscription_deliveries')
    .select('sha256')
    .where('subscription_id', '=', subscription_id)
    .where('id', '<', id)
    .where('state', '=', 'sent')
    .where('sha256', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return before?.sha256 === told.sha256;
}

async function readNotices(
  { db }: Deps,
  { change_id, from_at, until_at, subscription_id }: Claimed,
): Promise<AlertNotice[]> {
  const { rows } = await sql<{ told: AlertNotice }>`
    select told from ops.notices_of(
      ${subscription_id}::bigint, ${change_id}::bigint, ${from_at}::timestamptz, ${until_at}::timestamptz
    ) as told
  `.execute(db);
  return rows.map(({ told }) => told);
}

/** Those that have figures, of an area in the order of its page. */
async function figuresOf(deps: Deps, { about, target, frequency }: Claimed, sight: Sight): Promise<HealthMetric[]> {
  if (about === 'report') return [];
  const store = reportStore(deps);
  const { metrics: registry } = await store.metrics();
  const asked = about === 'metric' ? [target] : metricsOfArea(target, await store.areas(), sight);
  // By the step of the digest where the metric has it.
  const grain = frequency === 'weekly' ? 'week' : 'day';
  const figures: HealthMetric[] = [];
  for (const code of asked) {
    const metric = sight.metrics.get(code);
    const course = metric ? await metricCourse(deps, metric, { registry, grain }) : null;
    const figure = metric && course ? metricOf(metric, course.grain, course) : null;
    if (figure?.latest) figures.push(figure);
    if (figures.length === FIGURES_MAX) break;
  }
  return figures;
}

/** What its page shows, then what else belongs to it. */
function metricsOfArea(name: string, areas: readonly ReportArea[], { reports, metrics }: Sight): string[] {
  const board = areas.find((area) => area.name === name)?.board;
  const shown = board
    ? board.flatMap((slug) => reports.get(slug) ?? [])
    : [...reports.values()].filter(({ area }) => area === name);
  const on_page = shown.flatMap(({ columns }) =>
    Object.values(columns).flatMap(({ role, metric }) => (role === 'measure' && metric ? [metric] : [])),
  );
  const own = [...metrics.values()].filter(({ area }) => area === name).map(({ code }) => code);
  return [...new Set([...on_page, ...own])];
}

async function reportRows(deps: Deps, { target, params, lang }: Claimed, currency: string): Promise<Told['table']> {
  const entry = await reportStore(deps).get(target);
  if (!entry?.live) return null;
  const { definition } = entry.live;
  const query: { [name: string]: string[] } = {};
  for (const [name, value] of new URLSearchParams(params)) {
    if (definition.params[name]) query[name] = [...(query[name] ?? []), value];
  }
  const result = await runReport(deps, entry.live, { query, lang, alone: true }).catch((error: unknown) => {
    // A parameter that the report no longer takes: the alerts are told, the rows are for who opens it.
    if (error instanceof Problem) return null;
    throw error;
  });
  if (!result) return null;
  const shown = result.columns.filter((name) => !definition.columns[name]!.hidden).slice(0, COLUMNS_MAX);
  const timed = shown.some((name) => definition.columns[name]!.role === 'time');
  // Of a course the end is what is new.
  const rows = timed ? result.rows.slice(-ROWS_MAX) : result.rows.slice(0, ROWS_MAX);
  return {
    head: shown.map((name) => definition.columns[name]!.label[lang === 'zh' ? 0 : 1]),
    rows: rows.map((row) =>
      shown.map((name) =>
        showValue(row[result.columns.indexOf(name)] ?? null, definition.columns[name]!, { lang, currency }),
      ),
    ),
    more: result.rows.length - rows.length,
  };
}
