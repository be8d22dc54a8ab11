/**
 * The evaluation of the programme's stages: every goal, and what a stage looks at without one, with where it stood, where it is to
 * be and where it is; and what was held out to compare with. Every figure comes from the views and functions of schema report.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import type { MetricDefinition, MetricSource } from '../contract-reports.ts';
import type { GoalStatus, HoldoutEffect, Stage, StageEvaluation, StageGoal, StagePhase } from '../contract-written.ts';
import { earlier, shiftDate } from '../predicate/values.ts';
import { readMoment, readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { type CourseParts, courseParts, factsOf, type Segment } from './metric-course.ts';
import { REPORTS_FOLDER } from './metrics.ts';
import { type NamedRow, namedRows, pairOf, textOf } from './named-rows.ts';
import { ask } from './sandboxed.ts';
import { readStagesDefinition, type StagesDefinition } from './stages-definition.ts';
import { stagesVerdict } from './stages-verdict.ts';
import { reportStore } from './store.ts';

type Registry = ReadonlyMap<string, MetricDefinition>;

/** A goal, or a metric that a stage looks at without one. */
interface Asked {
  metric: MetricDefinition | undefined;
  metric_code: string;
  stage: string;
  direction: 'up' | 'down';
  terms: NamedRow | null;
  segment: { of: Segment; name: Pair } | null;
  starts_on: string;
  due_on: string;
  /** First day of what it is compared with: as many months before. */
  before_on: string;
}

const NOT_BY_SEGMENT: Pair = ['这个指标还不能按客群统计', 'This metric cannot be told apart by segment yet'];
const NO_FIGURES: Pair = ['这个指标还没有数据来源', 'This metric has no source yet'];
const OTHER_UNIT: Pair = ['目标的单位与指标的单位不一致', 'The goal is not in the unit of its metric'];

/** @param options.reported_on the last day that counts; today by default. @throws ReportError where reports/stages.yaml is wrong */
export async function stageEvaluation(
  deps: Deps,
  { reported_on }: { reported_on?: string } = {},
): Promise<StageEvaluation> {
  const { metrics: registry } = await reportStore(deps).metrics();
  const definition = readStagesDefinition(REPORTS_FOLDER, registry);
  const [{ today, time_zone }, { currency }, { started_on }] = await Promise.all([
    readMoment(deps.db, null),
    readProgramme(deps.db),
    deps.db.selectFrom('app.settings').select('started_on').executeTakeFirstOrThrow(),
  ]);
  const last_on = reported_on ?? today;
  const rowsOf = async (query: Parameters<typeof ask>[1]) => namedRows(await ask(deps, query, time_zone));
  const [facts] = await rowsOf(deps.db.selectFrom('report.programme_days').selectAll());
  const next = shiftDate(last_on, 1)!;
  const known = String(facts?.known_until ?? next);
  const known_until = earlier(known, next);
  const evaluation = { reported_on: last_on, known_until, currency, started_on };
  if (started_on === null) return { ...evaluation, verdict: [], stages: [], effects: [] };

  const asked = await everyGoal(rowsOf, deps.db, { registry, definition, started_on });
  const goals: (StageGoal & { stage: string })[] = [];
  for (const each of asked) {
    goals.push({
      stage: each.stage,
      ...(await goalOf(each, { db: deps.db, registry, definition, known_until, rowsOf })),
    });
  }
  const stages = definition.stages.flatMap((stage) => stageOf(stage, goals, { started_on, known_until }));
  const effects = (
    await rowsOf(
      deps.db
        .selectFrom('report.holdout_effects')
        .selectAll()
        .where('drawn_until_on', '>=', started_on)
        .where('drawn_from_on', '<=', last_on)
        .orderBy('kind')
        .orderBy('code'),
    )
  ).map(effectOf);
  return { ...evaluation, verdict: stagesVerdict(stages, effects, currency), stages, effects };
}

type RowsOf = (query: Parameters<typeof ask>[1]) => Promise<NamedRow[]>;

async function everyGoal(
  rowsOf: RowsOf,
  db: Kysely<DB>,
  { registry, definition, started_on }: { registry: Registry; definition: StagesDefinition; started_on: string },
): Promise<Asked[]> {
  const terms = await rowsOf(
    db.selectFrom('report.goal_terms').selectAll().orderBy('weight', 'desc').orderBy('goal_id'),
  );
  const goals = terms.map((row): Asked => {
    const months = Number(row.to_month) - Number(row.from_month);
    return {
      metric: registry.get(String(row.metric_code)),
      metric_code: String(row.metric_code),
      stage: String(row.stage),
      direction: row.direction as Asked['direction'],
      terms: row,
      segment:
        row.segment_code === null
          ? null
          : {
              of: { rule_set_code: String(row.rule_set_code), segment_code: String(row.segment_code) },
              name: pairOf(row, 'segment_name'),
            },
      starts_on: String(row.starts_on),
      due_on: String(row.due_on),
      before_on: monthsLater(String(row.starts_on), -months),
    };
  });
  const looked = definition.stages.flatMap(({ stage, months: [from, to], metrics }) =>
    metrics
      .filter(({ code }) => !goals.some((goal) => goal.stage === stage && goal.metric_code === code))
      .map((metric): Asked => {
        const starts_on = monthsLater(started_on, from);
        return {
          ...{ metric, metric_code: metric.code, stage, terms: null, segment: null, starts_on },
          direction: metric.good === 'down' ? 'down' : 'up',
          due_on: shiftDate(monthsLater(started_on, to), -1)!,
          before_on: monthsLater(starts_on, from - to),
        };
      }),
  );
  return [...goals, ...looked];
}

/** As Postgres adds months: the 31st becomes the last day of a shorter one. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

async function goalOf(
  asked: Asked,
  {
    db,
    registry,
    definition,
    known_until,
    rowsOf,
  }: { db: Kysely<DB>; registry: Registry; definition: StagesDefinition; known_until: string; rowsOf: RowsOf },
): Promise<StageGoal> {
  const { metric, metric_code, terms, segment, starts_on, due_on, direction } = asked;
  const parts = metric && courseParts(metric, registry, segment?.of);
  const waits = waitsFor(asked, parts);
  const [row] = parts && !waits ? await rowsOf(standing(db, asked, { metric, registry, parts, known_until })) : [];
  const text = (column: string) => textOf(row?.[column]);
  const label: Pair = metric?.label ?? [metric_code, metric_code];
  const status = text('status') as GoalStatus | null;
  const advice = definition.advice.get(metric_code);
  return {
    ...{ goal_id: terms && Number(terms.goal_id), metric: metric_code, label, starts_on, due_on, direction, waits },
    name: terms ? pairOf(terms, 'goal_name') : label,
    unit: metric?.unit ?? 'number',
    segment: segment?.name ?? null,
    weight: terms && Number(terms.weight),
    owner_team: textOf(terms?.owner_team),
    target_text: textOf(terms?.target_text),
    phase: text('phase') as StagePhase | null,
    ...{ passed_rate: text('passed_rate'), baseline: text('baseline'), before_value: text('before_value') },
    baseline_given: terms !== null && terms.baseline !== null,
    ...{ actual: text('actual'), low: text('low'), high: text('high'), den: text('den') },
    ...{ difference: text('difference'), difference_low: text('difference_low') },
    ...{ difference_high: text('difference_high'), change_rate: text('change_rate') },
    ...{ target: text('target_value'), target_max: text('target_value_max') },
    ...{ expected: text('expected'), gap: text('gap'), status },
    advice: advice && (status === 'missed' || status === 'at_risk') ? advice : null,
  };
}

function waitsFor({ metric, segment, terms }: Asked, parts: CourseParts | null | undefined): Pair | null {
  if (!metric) return NO_FIGURES;
  const measure = metric.unit === 'rate' || metric.unit === 'money' ? metric.unit : 'number';
  if (!parts) return metric.waits ?? (segment ? NOT_BY_SEGMENT : NO_FIGURES);
  return terms && terms.measure !== measure ? OTHER_UNIT : null;
}

/** report.goal_standing over the sums of the metric's finest steps. */
function standing(
  db: Kysely<DB>,
  { terms, starts_on, due_on, before_on, direction }: Asked,
  {
    metric,
    registry,
    parts: { num, den, grains },
    known_until,
  }: { metric: MetricDefinition | undefined; registry: Registry; parts: CourseParts; known_until: string },
) {
  const grain = grains[0]!;
  const sums = (source: MetricSource) => {
    const time = sql.ref<string>(`source.${source.time}`);
    return factsOf(db, source)
      .select(sql<string>`date_trunc(${grain}::text, ${time}::timestamp)::date`.as('step_on'))
      .select(sql<string>`sum(${sql.ref(`source.${source.value}`)})`.as('amount'))
      .where(time, '>=', sql<string>`${before_on}::date`)
      .where(time, '<=', sql<string>`${due_on}::date`)
      .groupBy(sql`1`);
  };
  const amounts = den
    ? db
        .selectFrom(sums(num).as('num'))
        .fullJoin(sums(den).as('den'), 'den.step_on', 'num.step_on')
        .select(
          sql`jsonb_agg(jsonb_build_object(
            'step_on', coalesce(num.step_on, den.step_on), 'num', num.amount, 'den', den.amount
          ))`.as('parts'),
        )
    : db
        .selectFrom(sums(num).as('num'))
        .select(sql`jsonb_agg(jsonb_build_object('step_on', num.step_on, 'num', num.amount))`.as('parts'));
  // Those whose days have not passed say nothing yet.
  const matured = shiftDate(known_until, -(metric?.matures ?? 0));
  const given = (column: string) => sql`${textOf(terms?.[column])}::numeric`;
  return db
    .selectFrom(
      sql<object>`report.goal_standing(
        coalesce(${amounts}, '[]'), ${grain}, ${before_on}::date, ${starts_on}::date, ${due_on}::date, ${matured}::date,
        ${gathers(metric!, den !== null, registry)}, ${metric!.ci}, ${direction}, ${textOf(terms?.target_kind)},
        ${given('target')}, ${given('target_max')}, ${given('baseline')}, ${textOf(terms?.measure) ?? 'number'}
      )`.as('standing'),
    )
    .selectAll('standing');
}

/** How steps come together: sums grow, levels are the last one, what cannot be summed is a mean of its steps. */
function gathers(
  metric: MetricDefinition,
  ratio: boolean,
  registry: Registry,
): 'sum' | 'mean' | 'last' | 'ratio' | 'last_ratio' {
  const level = ({ additive }: MetricDefinition) => additive === 'time_no';
  if (ratio) {
    const halves = [metric.num, metric.den].flatMap((code) => registry.get(code ?? '') ?? []);
    return halves.every(level) ? 'last_ratio' : 'ratio';
  }
  if (level(metric)) return 'last';
  return metric.additive === 'all' ? 'sum' : 'mean';
}

function stageOf(
  { stage, label, months: [from, to] }: StagesDefinition['stages'][number],
  goals: readonly (StageGoal & { stage: string })[],
  { started_on, known_until }: { started_on: string; known_until: string },
): Stage[] {
  const own = goals.filter((goal) => goal.stage === stage).map(({ stage: _, ...goal }) => goal);
  if (own.length === 0) return [];
  const starts_on = monthsLater(started_on, from);
  const due_on = shiftDate(monthsLater(started_on, to), -1)!;
  const phase = known_until <= starts_on ? 'ahead' : known_until > due_on ? 'ended' : 'running';
  return [{ stage, label, starts_on, due_on, phase, goals: own }];
}

function effectOf(row: NamedRow): HoldoutEffect {
  const text = (column: string) => textOf(row[column]);
  return {
    kind: row.kind as HoldoutEffect['kind'],
    record_id: Number(row.record_id),
    name: pairOf(row, 'name'),
    holdout_rate: String(row.holdout_rate),
    drawn_from_on: String(row.drawn_from_on),
    drawn_until_on: String(row.drawn_until_on),
    treated: Number(row.treated),
    held_out: Number(row.held_out),
    ...{ treated_rate: text('treated_rate'), held_out_rate: text('held_out_rate') },
    ...{ difference: text('difference'), difference_low: text('difference_low') },
    ...{ difference_high: text('difference_high'), spend_difference: text('spend_difference') },
    ...{ spend_low: text('spend_low'), spend_high: text('spend_high') },
    ...{ adjusted_difference: text('adjusted_difference'), adjusted_low: text('adjusted_low') },
    adjusted_high: text('adjusted_high'),
    verdict: row.verdict as HoldoutEffect['verdict'],
  };
}
