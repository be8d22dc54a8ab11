/** What stands beside the rows of a run: the same statement of other days, targets, events. In the report login's sandbox, like the run. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json } from '../contract.ts';
import type { CalendarEvent, ReportComparison, ReportDefinition, ReportResult } from '../contract-reports.ts';
import { daysBetween, printRange } from './dates.ts';
import { ask } from './sandboxed.ts';
import { shiftedRange } from './shifted-range.ts';

const EVENTS_MAX = 100;
const DAY = /^\d{4}-\d{2}-\d{2}/;

type Bound = { [name: string]: Json };

/** @param run the report's statement for other values */
export async function compare(
  deps: Deps,
  {
    definition,
    result,
    bound,
    time_zone,
  }: { definition: ReportDefinition; result: ReportResult; bound: Bound; time_zone: string },
  run: (bound: Bound) => Promise<Json[][]>,
): Promise<ReportComparison[]> {
  const compared: ReportComparison[] = [];
  for (const against of definition.compare ?? []) {
    if (against === 'target') {
      const values = await targets(deps, { definition, result, time_zone });
      if (values.some((value) => value !== null)) compared.push({ against, days: null, values });
      continue;
    }
    const [period = ''] = Object.entries(definition.params).find(([, { type }]) => type === 'daterange') ?? [];
    const [from, to] = [bound[`${period}_from`], bound[`${period}_to`]];
    // All days have none before them.
    if (typeof from !== 'string' || typeof to !== 'string' || result.params[period] === 'all') continue;
    const shifted = shiftedRange({ from, to }, against);
    const rows = await run({ ...bound, [`${period}_from`]: shifted.from, [`${period}_to`]: shifted.to });
    if (rows.length === 0) continue;
    const values = definition.chart.kind === 'kpi' ? [] : align(definition, { result, rows, back: shifted.back });
    compared.push({
      ...{ against, days: printRange(shifted), values },
      ...(definition.chart.kind === 'kpi' ? { row: rows[0]! } : {}),
    });
  }
  return compared;
}

/** By row of the result: what y was at the step that answers to it; null where there was none. */
function align(
  { chart }: ReportDefinition,
  { result, rows, back }: { result: ReportResult; rows: Json[][]; back: (day: string) => string },
): Json[] {
  const [x, y] = [result.columns.indexOf(chart.x!), result.columns.indexOf(chart.y!)];
  const steps = result.rows.map((row) => dayOf(row[x]));
  const reach = Math.floor((stepLength(steps) - 1) / 2);
  const values: Json[] = result.rows.map(() => null);
  for (const row of rows) {
    const day = dayOf(row[x]);
    if (day === null) continue;
    const wanted = back(day);
    // Weeks of two years do not begin on the same days: the nearest step.
    const distance = (step: string | null) => (step === null ? Infinity : Math.abs(daysBetween(step, wanted)));
    let nearest = -1;
    for (const [at, step] of steps.entries())
      if (distance(step) <= reach && (nearest < 0 || distance(step) < distance(steps[nearest]!))) nearest = at;
    if (nearest >= 0) values[nearest] = row[y] ?? null;
  }
  return values;
}

/** In days: 1, 7, or at least 28; of a single step not known. */
function stepLength(steps: readonly (string | null)[]): number {
  const days = [...new Set(steps.flatMap((step) => step ?? []))].sort();
  const gaps = days.slice(1).map((day, at) => daysBetween(days[at]!, day));
  return gaps.length === 0 ? 1 : Math.min(...gaps);
}

function dayOf(value: Json | undefined): string | null {
  return typeof value === 'string' && DAY.test(value) ? value.slice(0, 10) : null;
}

/** By row: what the metric of y is to be in the step that begins then. */
async function targets(
  deps: Deps,
  { definition, result, time_zone }: { definition: ReportDefinition; result: ReportResult; time_zone: string },
): Promise<Json[]> {
  const { chart, columns } = definition;
  const x = result.columns.indexOf(chart.x!);
  const steps = result.rows.map((row) => dayOf(row[x]));
  const length = stepLength(steps);
  const grain = length >= 28 ? 'month' : length % 7 === 0 ? 'week' : 'day';
  const { rows } = await ask(
    deps,
    deps.db
      .selectFrom('report.metric_targets')
      .select(['target', 'starts_on', 'until_on'])
      .where('metric_code', '=', columns[chart.y!]?.metric ?? '')
      .where('grain', '=', grain)
      .orderBy('starts_on', 'desc'),
    time_zone,
  );
  return steps.map((step) => {
    const found = rows.find(
      ([, starts, until]) => step !== null && starts! <= step && (until === null || step < until!),
    );
    return found?.[0] ?? null;
  });
}

/** Those that began between the first and the last day shown. */
export async function eventsBeside(
  deps: Deps,
  { definition, result, time_zone }: { definition: ReportDefinition; result: ReportResult; time_zone: string },
): Promise<CalendarEvent[]> {
  const x = result.columns.indexOf(definition.chart.x!);
  const days = result.rows.flatMap((row) => dayOf(row[x]) ?? []).sort();
  if (!definition.events || days.length === 0) return [];
  return calendarEvents(deps, {
    ...{ from: days[0]!, time_zone, tags: definition.events.tags },
    metric: definition.columns[definition.chart.y!]?.metric ?? '',
  });
}

/** What staff noted for the metric or for all of them, and campaigns, from a day on. @param asked.tags their kinds; all without */
export async function calendarEvents(
  deps: Deps,
  { from, metric, tags, time_zone }: { from: string; metric: string; tags?: readonly string[]; time_zone: string },
): Promise<CalendarEvent[]> {
  const query = deps.db
    .selectFrom('report.calendar_events as happened')
    .select(['event_kind', 'event_name', 'event_name_en', 'starts_on', 'ends_on'])
    .where('starts_on', '>=', from)
    .where(sql<boolean>`(happened.metrics = '{}' or ${metric} = any(happened.metrics))`)
    .$if(tags !== undefined, (events) => events.where('event_kind', 'in', [...tags!]))
    .orderBy('starts_on')
    .limit(EVENTS_MAX);
  const { rows } = await ask(deps, query, time_zone);
  return rows.map(([kind, name, name_en, starts_on, ends_on]) => ({
    kind: String(kind),
    name: [String(name), String(name_en)],
    starts_on: String(starts_on),
    ends_on: typeof ends_on === 'string' ? ends_on : null,
  }));
}
