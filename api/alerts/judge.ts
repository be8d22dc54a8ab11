/**
 * Looks at what status rules are about and has the database judge it: reports run as for everybody, in the report login's
 * sandbox; metrics by their course. What is said of an alert is decided, kept and queued in one transaction (ops.note_alerts).
 */
import { sql } from 'kysely';
import { timeSteps } from '../../reports/time-steps.ts';
import type { Deps } from '../context.ts';
import type { Json, Lang } from '../contract.ts';
import type { ReportColumn, ReportResult } from '../contract-reports.ts';
import { Problem, retrying } from '../errors.ts';
import { metricCourse } from '../report/metric-course.ts';
import { namedRows } from '../report/named-rows.ts';
import { runReport } from '../report/run.ts';
import { reportStore } from '../report/store.ts';
import { type AlertRule, type ReportRule, readRules, type TargetRule } from './rules.ts';

interface Point {
  subject: { [column: string]: Json };
  subject_text: string;
  subject_text_en: string;
  bucket_on: string | null;
  value: Json;
  reference?: Json;
  status?: Json;
}
interface Seen {
  step: string | null;
  points: Point[];
  failure: string | null;
}
interface Known {
  open: boolean;
  /** Minutes since it was last looked at. */
  age: number;
}

/** More steps than any rule asks for in a row. */
const STEPS = 90;
const TEXT_MAX = 120;

/**
 * @param options.due only rules that are new, wrong, or whose time has come; all of them otherwise
 * @returns how many notices there are to be told
 */
export async function judgeAlerts(
  deps: Deps,
  { due, stopped = () => false }: { due: boolean; stopped?: () => boolean },
): Promise<number> {
  const { reports, targets, unknown } = await readRules(deps);
  const known = await knownRules(deps);
  const wanted = ({ rule }: ReportRule | TargetRule, every: number) => {
    const found = known.get(rule.rule);
    return !due || !found || found.open || found.age >= every;
  };
  let told = 0;
  const of_slug = Map.groupBy(
    reports.filter((rule) => wanted(rule, rule.every)),
    ({ compiled }) => compiled.definition.slug,
  );
  for (const rules of of_slug.values()) {
    if (stopped()) return told;
    const at = new Date().toISOString();
    const ran = await run(deps, rules[0]!);
    for (const each of rules) told += await note(deps, { rule: each.rule, seen: pointsOf(each, ran), at });
  }
  for (const target of targets.filter((each) => wanted(each, 1440))) {
    if (stopped()) return told;
    const at = new Date().toISOString();
    const { rule } = target;
    const seen = await course(deps, target);
    // A metric that never had figures is not missing any.
    if (seen.points.length > 0 || seen.failure !== null || known.has(rule.rule))
      told += await note(deps, { rule, seen, at });
  }
  const kept = [...reports, ...targets].map(({ rule }) => rule.rule);
  await sql`select ops.retire_alerts(${kept}::text[], ${unknown}::text[])`.execute(deps.db);
  return told;
}

async function knownRules({ db }: Deps): Promise<Map<string, Known>> {
  const rows = await db
    .selectFrom('app.alerts')
    .select('rule')
    .select(sql<boolean>`bool_or(alerts.state not in ('ok', 'pending') or alerts.told <> '{}')`.as('open'))
    .select(sql<number>`floor(extract(epoch from clock_timestamp() - max(alerts.judged_at)) / 60)::integer`.as('age'))
    .groupBy('rule')
    .execute();
  return new Map(rows.map(({ rule, open, age }) => [rule, { open, age }]));
}

async function run(deps: Deps, { compiled }: ReportRule): Promise<ReportResult | string> {
  try {
    const result = await runReport(deps, compiled, { query: {}, lang: 'zh', alone: true });
    return result.cut ? `more than ${compiled.definition.limits.rows} rows` : result;
  } catch (error) {
    return told(error);
  }
}

function pointsOf({ column, compiled }: ReportRule, ran: ReportResult | string): Seen {
  const failed = (failure: string): Seen => ({ step: null, points: [], failure });
  if (typeof ran === 'string') return failed(ran);
  const { columns } = compiled.definition;
  const named = (role: ReportColumn['role']) => Object.keys(columns).filter((name) => columns[name]!.role === role);
  const [time] = named('time');
  const series = [...named('series'), ...named('category')];
  const points = namedRows(ran).map((row): Point => {
    const subject = Object.fromEntries(series.map((name) => [name, row[name] ?? null]));
    return {
      subject,
      subject_text: inWords(subject, columns, 'zh'),
      subject_text_en: inWords(subject, columns, 'en'),
      bucket_on: time === undefined ? null : String(row[time] ?? ''),
      value: row[column] ?? null,
    };
  });
  if (time !== undefined && !points.every(({ bucket_on }) => /^\d{4}-\d{2}-\d{2}$/.test(bucket_on!)))
    return failed(`${time} has values that are no days`);
  const places = new Set(points.map(({ subject, bucket_on }) => JSON.stringify([subject, bucket_on])));
  if (places.size < points.length) return failed('several rows of the same step and series');
  return { step: time === undefined ? null : stepOf(ran, time), points, failure: null };
}

/** By the days there are; one alone says nothing, its parameter or the name of its column does. */
function stepOf({ columns, rows, params }: ReportResult, time: string): string {
  const at = columns.indexOf(time);
  const found = timeSteps(rows.map((row) => String(row[at])))?.grain;
  if (found) return found;
  const asked = params.grain;
  if (asked === 'day' || asked === 'week' || asked === 'month') return asked;
  return /^(week|month)/.exec(time)?.[1] ?? 'day';
}

function inWords(subject: Point['subject'], columns: { [name: string]: ReportColumn }, lang: Lang): string {
  return Object.entries(subject)
    .map(([name, value]) => columns[name]?.labels?.[String(value)]?.[lang === 'zh' ? 0 : 1] ?? String(value ?? '–'))
    .join(' · ')
    .slice(0, TEXT_MAX);
}

async function course(deps: Deps, { definition, grain }: TargetRule): Promise<Seen> {
  try {
    const { metrics: registry } = await reportStore(deps).metrics();
    const found = await metricCourse(deps, definition, { registry, grain });
    // A target of days for what is counted by month is never judged.
    const rows = found?.grain === grain ? namedRows(found) : [];
    const points = rows
      .filter(({ state }) => state === 'whole')
      .slice(-STEPS)
      .map(({ step_on, value, expected, status }) => ({
        ...{ subject: {}, subject_text: '', subject_text_en: '', bucket_on: String(step_on) },
        ...{ value: value ?? null, reference: expected ?? null, status: status ?? null },
      }));
    return { step: grain, points, failure: null };
  } catch (error) {
    return { step: grain, points: [], failure: told(error) };
  }
}

async function note({ db }: Deps, { rule, seen, at }: { rule: AlertRule; seen: Seen; at: string }): Promise<number> {
  const { rows } = await retrying(() =>
    sql<{ told: number }>`
      select ops.note_alerts(
        ${JSON.stringify({ ...rule, step: seen.step })}::jsonb, ${JSON.stringify(seen.points)}::jsonb, ${seen.failure},
        ${at}::timestamptz
      ) as told
    `.execute(db),
  );
  return rows[0]!.told;
}

/** In both languages where it has them: it is read by people of either. */
function told(error: unknown): string {
  if (error instanceof Problem) return `${error.speak('zh').message} | ${error.speak('en').message}`;
  return error instanceof Error ? error.message : String(error);
}
