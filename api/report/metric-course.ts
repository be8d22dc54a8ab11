/**
 * A metric over time, as its file says where to read it. What is dynamic here is only which columns are summed; every figure
 * is worked out by report.metric_course, in the report login's own sandbox.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Grain, MetricCourse, MetricDefinition, MetricSource } from '../contract-reports.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { calendarEvents } from './calendar-events.ts';
import { ask } from './sandboxed.ts';

const GRAINS: readonly Grain[] = ['day', 'week', 'month'];
/** How many steps are shown: as many as a chart tells apart, and the same season of the year before. */
const STEPS: { [grain in Grain]: string } = {
  day: '90 days',
  week: '53 weeks',
  month: '25 months',
};
/** So that the first step shown has a last year to be compared with. */
const BEFORE = '13 months';

/** What a course sums: the metric itself, or what a ratio divides. Null where the registry says nothing of it. */
export interface CourseParts {
  num: MetricSource;
  den: MetricSource | null;
  grains: Grain[];
}

/** Whose figures, by the columns that every view of segments has. */
export interface Segment {
  [column: string]: string;
  rule_set_code: string;
  segment_code: string;
}

export function courseParts(
  metric: MetricDefinition,
  registry: ReadonlyMap<string, MetricDefinition>,
  segment: Segment | null = null,
): CourseParts | null {
  const of = (code: string | undefined) => segmented(registry.get(code ?? ''), segment);
  const own = segmented(metric, segment);
  if (own?.source) return { num: own.source, den: null, grains: grainsOf(own) };
  const num = of(metric.num);
  const den = of(metric.den);
  if (!num?.source || !den?.source) return null;
  const both = grainsOf(num).filter((grain) => grainsOf(den).includes(grain));
  return both.length > 0 ? { num: num.source, den: den.source, grains: both } : null;
}

/** The metric as it is read of the customers of a segment: not at all where its file does not say how. */
function segmented(metric: MetricDefinition | undefined, segment: Segment | null): MetricDefinition | undefined {
  if (!metric || !segment) return metric;
  const { source, by_segment, ...rest } = metric;
  return by_segment ? { ...rest, source: { ...by_segment, where: { ...by_segment.where, ...segment } } } : rest;
}

/** Distinct counts have only the steps they were counted by; sums and levels have every longer one too. */
function grainsOf({ source, additive }: MetricDefinition): Grain[] {
  if (!source) return [];
  if (additive === 'none') return [source.grain];
  return GRAINS.slice(GRAINS.indexOf(source.grain)).filter(
    (grain) => grain === source.grain || source.grain !== 'week',
  );
}

/** @throws the database's error, for instance for a column that the view has not */
export async function metricCourse(
  deps: Deps,
  metric: MetricDefinition,
  {
    registry,
    grain: wanted,
    last_on,
  }: {
    registry: ReadonlyMap<string, MetricDefinition>;
    grain?: Grain;
    /** Later facts are left out; today by default. */
    last_on?: string;
  },
): Promise<MetricCourse | null> {
  const parts = courseParts(metric, registry);
  if (!parts) return null;
  const usual = parts.grains.includes('month') ? 'month' : parts.grains[0]!;
  const grain = wanted && parts.grains.includes(wanted) ? wanted : usual;
  const moment = await readMoment(deps.db, null);
  const { time_zone } = moment;
  const today = last_on ?? moment.today;
  const level = (code: string | undefined, own = metric) => (registry.get(code ?? '') ?? own).additive === 'time_no';
  const reach = { grain, today };
  const num = summed(deps.db, parts.num, { ...reach, last: level(metric.num) });
  const den = parts.den && summed(deps.db, parts.den, { ...reach, last: level(metric.den) });
  const course = deps.db
    .selectFrom(
      sql<object>`report.metric_course(
        ${joined(deps.db, num, den)}, ${metric.code}, ${grain}, ${firstDay(reach, STEPS[grain])}, ${today}::date,
        ${knownUntil(deps.db, today)}, ${parts.den !== null}, ${fills(metric, registry)}, ${metric.ci},
        ${metric.matures ?? 0}, ${metric.good}
      )`.as('course'),
    )
    .selectAll('course');
  const { columns, rows } = await ask(deps, course, time_zone);
  const from = String(rows[0]?.[0] ?? today);
  const events = await calendarEvents(deps, { from, metric: metric.code, time_zone });
  return { grain, grains: parts.grains, columns, rows, events };
}

/** Sums over time are 0 where nothing happened; levels and counts of people are not known there. */
function fills(metric: MetricDefinition, registry: ReadonlyMap<string, MetricDefinition>): boolean {
  const whole = [metric.num, metric.den].flatMap((code) => registry.get(code ?? '') ?? []);
  return (metric.kind === 'ratio' ? whole : [metric]).every(({ additive }) => additive === 'all');
}

interface Reach {
  grain: Grain;
  today: string;
}

/** The first day of the step that lies so far back. */
function firstDay({ grain, today }: Reach, back: string): RawBuilder<string> {
  return sql`date_trunc(${grain}::text, ${today}::date - ${back}::interval)::date`;
}

/** The first day that is not known whole. */
function knownUntil(db: Kysely<DB>, today: string) {
  return db
    .selectFrom('report.programme_days')
    .select(sql<string>`least(known_until, ${today}::date + 1)`.as('known_until'));
}

/** The rows that a source counts, as `source`. */
export function factsOf(db: Kysely<DB>, { view, where }: MetricSource) {
  let facts = db.selectFrom(sql<object>`${sql.table(`report.${view}`)}`.as('source'));
  for (const [column, value] of Object.entries(where)) {
    const given = typeof value === 'boolean' ? sql<boolean>`${value}::boolean` : value;
    facts = facts.where(sql.ref<string | number | boolean>(`source.${column}`), '=', given);
  }
  return facts;
}

/**
 * One row per step: its first day, the sum (of a level, that of the step's last day with rows), and the same of its first days, as
 * many as the step that goes on has had.
 */
function summed(db: Kysely<DB>, source: MetricSource, { last, ...reach }: Reach & { last: boolean }) {
  const time = sql.ref<string>(`source.${source.time}`);
  const { grain, today } = reach;
  const known = knownUntil(db, today);
  // A row of a whole month has no days.
  const early =
    source.grain === grain && grain !== 'day'
      ? sql<boolean>`false`
      : sql<boolean>`days.day - days.step_on < ${known} - date_trunc(${grain}::text, ${known}::timestamp)::date`;
  const days = factsOf(db, source)
    .select([
      time.as('day'),
      sql<string>`date_trunc(${grain}::text, ${time}::timestamp)::date`.as('step_on'),
      sql<string>`sum(${sql.ref(`source.${source.value}`)})`.as('amount'),
    ])
    .where(time, '>=', sql<string>`(${firstDay(reach, STEPS[grain])} - ${BEFORE}::interval)::date`)
    .where(time, '<=', sql<string>`${today}::date`)
    .groupBy([sql`1`, sql`2`]);
  const steps = db.selectFrom(days.as('days'));
  if (last) {
    const latest = (among: RawBuilder<boolean>) =>
      sql<string>`(array_agg(days.amount order by days.day desc) filter (where ${among}))[1]`;
    return steps
      .select(['days.step_on', latest(sql`true`).as('amount'), latest(early).as('part')])
      .groupBy('days.step_on');
  }
  return steps
    .select(['days.step_on', (of) => of.fn.sum<string>('days.amount').as('amount')])
    .select(sql<string>`sum(days.amount) filter (where ${early})`.as('part'))
    .groupBy('days.step_on');
}

type Summed = ReturnType<typeof summed>;

/** What report.metric_course takes of each step with facts. */
function joined(db: Kysely<DB>, num: Summed, den: Summed | null) {
  if (!den) {
    return db
      .selectFrom(num.as('num'))
      .select(
        sql`jsonb_agg(jsonb_build_object('step_on', num.step_on, 'num', num.amount, 'part_num', num.part))`.as('parts'),
      );
  }
  return db
    .selectFrom(num.as('num'))
    .fullJoin(den.as('den'), 'den.step_on', 'num.step_on')
    .select(
      sql`jsonb_agg(jsonb_build_object(
        'step_on', coalesce(num.step_on, den.step_on), 'num', num.amount, 'den', den.amount,
        'part_num', num.part, 'part_den', den.part
      ))`.as('parts'),
    );
}
