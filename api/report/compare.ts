/** What stands beside the rows of a run: the same statement of other days, targets, events. In the report login's sandbox, like the run. */
import { type Grain, timeSteps } from '../../reports/time-steps.ts';
import type { Deps } from '../context.ts';
import type { Json } from '../contract.ts';
import type { CalendarEvent, ReportComparison, ReportDefinition, ReportResult } from '../contract-reports.ts';
import { calendarEvents, EVENTS_MAX } from './calendar-events.ts';
import { addDays, type DayRange, daysBetween, printRange } from './dates.ts';
import { ask } from './sandboxed.ts';
import { type ShiftedRange, shiftedRange } from './shifted-range.ts';

/** How many days a step of other days may lie beside one of these: weeks of two years do not begin on the same days. */
const REACH: { [grain in Grain]: number } = { day: 0, week: 3, month: 14 };
/** Days. */
const LONGEST_STEP = 31;
const DAY = /^\d{4}-\d{2}-\d{2}/;

type Bound = { [name: string]: Json };
/** A run, and what it was of. */
interface Ran {
  definition: ReportDefinition;
  result: ReportResult;
  bound: Bound;
  ranges: { [param: string]: DayRange };
  time_zone: string;
}

/** The rows of other days, asked for while the report runs. */
export interface DaysAhead {
  against: Exclude<Against, 'target'>;
  shifted: ShiftedRange;
  rows: Json[][];
}
type Against = ReportComparison['against'];

/** @param run the report's statement for other values */
export function daysAhead(
  { definition, bound, ranges, params }: Omit<Ran, 'result' | 'time_zone'> & { params: ReportResult['params'] },
  run: (bound: Bound) => Promise<Json[][]>,
): Promise<DaysAhead[]> {
  const [period, range] = Object.entries(ranges)[0] ?? [];
  // All days have none before them.
  if (!period || !range || params[period] === 'all') return Promise.resolve([]);
  const days = (definition.compare ?? []).filter((against) => against !== 'target');
  return Promise.all(
    days.map(async (against) => {
      const shifted = shiftedRange(range, against);
      const rows = await run({ ...bound, [`${period}_from`]: shifted.from, [`${period}_to`]: shifted.to });
      return { against, shifted, rows };
    }),
  );
}

export async function compare(
  deps: Deps,
  { definition, result, time_zone }: Omit<Ran, 'bound' | 'ranges'>,
  ahead: readonly DaysAhead[],
): Promise<ReportComparison[]> {
  const compared: ReportComparison[] = [];
  for (const against of definition.compare ?? []) {
    if (against === 'target') {
      const values = await targets(deps, { definition, result, time_zone });
      if (values.some((value) => value !== null)) compared.push({ against, days: null, values });
      continue;
    }
    const found = ahead.find((each) => each.against === against);
    if (!found || found.rows.length === 0) continue;
    const { shifted, rows } = found;
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
  const grain = grainOf(steps);
  const reach = grain ? REACH[grain] : 0;
  const values: Json[] = result.rows.map(() => null);
  for (const row of rows) {
    const day = dayOf(row[x]);
    if (day === null) continue;
    const wanted = back(day);
    const distance = (step: string | null) => (step === null ? Infinity : Math.abs(daysBetween(step, wanted)));
    let nearest = -1;
    for (const [at, step] of steps.entries())
      if (distance(step) <= reach && (nearest < 0 || distance(step) < distance(steps[nearest]!))) nearest = at;
    if (nearest >= 0) values[nearest] = row[y] ?? null;
  }
  return values;
}

/** Null of a single step, which may be any. */
function grainOf(steps: readonly (string | null)[]): Grain | null {
  return timeSteps(steps.flatMap((step) => step ?? []))?.grain ?? null;
}

function dayOf(value: Json | undefined): string | null {
  return typeof value === 'string' && DAY.test(value) ? value.slice(0, 10) : null;
}

/** By row: what the metric of y is to be in the step that begins then. */
async function targets(deps: Deps, { definition, result, time_zone }: Omit<Ran, 'bound' | 'ranges'>): Promise<Json[]> {
  const { chart, columns } = definition;
  const x = result.columns.indexOf(chart.x!);
  const steps = result.rows.map((row) => dayOf(row[x]));
  const grain = grainOf(steps);
  if (!grain) return steps.map(() => null);
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

/** What happened from a day on, asked for while the report runs. */
export interface EventsAhead {
  from: string;
  events: CalendarEvent[];
}

/** From before the first day of the period: the first step of weeks or months begins earlier. @returns null without a first day */
export async function eventsAhead(
  deps: Deps,
  { definition, ranges, params, time_zone }: Omit<Ran, 'result' | 'bound'> & { params: ReportResult['params'] },
): Promise<EventsAhead | null> {
  const [period, range] = Object.entries(ranges)[0] ?? [];
  if (!definition.events || !period || !range || params[period] === 'all') return null;
  const from = addDays(range.from, -LONGEST_STEP);
  return { from, events: await eventsFrom(deps, { definition, from, time_zone }) };
}

/** Those from the first day shown on. */
export async function eventsBeside(
  deps: Deps,
  { definition, result, time_zone }: Omit<Ran, 'bound' | 'ranges'>,
  ahead: EventsAhead | null,
): Promise<CalendarEvent[]> {
  const x = result.columns.indexOf(definition.chart.x!);
  const days = result.rows.flatMap((row) => dayOf(row[x]) ?? []).sort();
  const [from] = days;
  if (!definition.events || from === undefined) return [];
  // Of very many, those before the first day would leave no room for the others.
  const enough = ahead && ahead.from <= from && ahead.events.length < EVENTS_MAX;
  if (enough) return ahead.events.filter(({ starts_on }) => starts_on >= from);
  return eventsFrom(deps, { definition, from, time_zone });
}

function eventsFrom(
  deps: Deps,
  { definition, from, time_zone }: { definition: ReportDefinition; from: string; time_zone: string },
): Promise<CalendarEvent[]> {
  const tags = definition.events?.tags;
  const metric = definition.columns[definition.chart.y!]?.metric ?? '';
  return calendarEvents(deps, { from, time_zone, metric, ...(tags ? { tags } : {}) });
}
