/**
 * Automations at work: who enters, and everybody whose time has come goes on, step by step, as sets. A turn is one transaction
 * over some journeys of one automation; killed half way nothing of it has happened, two processes take different customers.
 */
import { type Expression, type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { PredicateError } from '../predicate.ts';
import { dayIn, readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { FACTS, factsCondition, momentOf, type SegmentFacts } from '../segment-rules.ts';
import type { Unit } from './benefit-day.ts';

type EngineDeps = Pick<Deps, 'resources'>;

interface DueStep {
  version_id: number;
  step_code: string;
  step: { kind: string; asks?: string; condition?: unknown };
}

/** Journeys of one turn. */
const SIZE = 2_000;
export const thisWork = sql<number>`pg_current_xact_id()::text::bigint`;

/** Whom the day, and those missed before it, brings to each automation that runs. @returns how many began */
export async function enterByDay(
  unit: Unit,
  deps: EngineDeps,
  { as_of_on, at, stopped = () => false }: { as_of_on: string; at: string; stopped?: () => boolean },
): Promise<number> {
  let entered = 0;
  for (const { id, audience_filter } of await unit(runningAutomations)) {
    if (stopped()) break;
    entered += await unit(async (trx) => {
      const { rows } = await sql<{ found: number }>`
        select ops.automation_entrants(${thisWork}, ${id}::bigint, ${as_of_on}::date) as found
      `.execute(trx);
      return rows[0]!.found === 0 ? 0 : enterFound(trx, deps, { id, audience_filter, at });
    });
  }
  return entered;
}

/** Whom facts that were just worked in bring to automations, within the given transaction. */
export async function enterByFacts(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { customers, ids, at }: { customers: readonly number[]; ids: readonly number[]; at: string },
): Promise<void> {
  for (const { id, audience_filter, trigger } of await runningAutomations(trx)) {
    if (trigger !== 'fact') continue;
    const { rows } = await sql<{ found: number }>`
      select ops.automation_fact_entrants(
        ${thisWork}, ${id}::bigint, ${`{${customers.join(',')}}`}::bigint[], ${`{${ids.join(',')}}`}::bigint[]
      ) as found
    `.execute(trx);
    if (rows[0]!.found > 0) await enterFound(trx, deps, { id, audience_filter, at });
  }
}

/** Everybody whose time has come by the moment goes on as far as they get. @returns how many journeys moved */
export async function advance(
  unit: Unit,
  deps: EngineDeps,
  { at, stopped = () => false, size = SIZE }: { at: string; stopped?: () => boolean; size?: number },
): Promise<number> {
  const due = await unit(async (trx) =>
    trx
      .selectFrom('app.automation_runs')
      .select('automation_id')
      .distinct()
      .where('status', '=', 'running')
      .where('due_at', '<=', at)
      .orderBy('automation_id')
      .execute(),
  );
  let moved = 0;
  for (const { automation_id } of due) {
    while (!stopped()) {
      const taken = await unit((trx) => turn(trx, deps, { id: automation_id, at, size }));
      if (taken === 0) break;
      moved += taken;
    }
  }
  return moved;
}

/** Takes some journeys whose time has come and does their steps until each waits or has ended. */
async function turn(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { id, at, size }: { id: number; at: string; size: number },
): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    select ops.take_automation_runs(${thisWork}, ${id}::bigint, ${at}::timestamptz, ${size}::integer) as taken
  `.execute(trx);
  const { taken } = rows[0]!;
  if (taken === 0) return 0;
  for (;;) {
    const steps = await trx
      .selectFrom(sql<DueStep>`ops.automation_due_steps(${thisWork})`.as<'due'>(sql.id('due')))
      .selectAll()
      .execute();
    if (steps.length === 0) break;
    for (const { version_id, step_code, step } of steps) {
      if (step.kind === 'condition' && (step.asks ?? 'customer') === 'customer')
        await writeMatches(trx, deps, {
          condition: step.condition,
          at,
          customers: trx
            .selectFrom('app.automation_due')
            .select('customer_id')
            .where('work_id', '=', thisWork)
            .where('version_id', '=', version_id)
            .where('step_code', '=', step_code),
        });
      await sql`
        select ops.automation_step(${thisWork}, ${id}::bigint, ${version_id}::bigint, ${step_code}, ${at}::timestamptz)
      `.execute(trx);
    }
  }
  await sql`select ops.settle_automation_runs(${thisWork}, ${id}::bigint, ${at}::timestamptz)`.execute(trx);
  return taken;
}

async function enterFound(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { id, audience_filter, at }: { id: number; audience_filter: unknown; at: string },
): Promise<number> {
  if (asksSomething(audience_filter)) {
    await writeMatches(trx, deps, {
      condition: audience_filter,
      at,
      customers: trx.selectFrom('app.automation_entrants').select('customer_id').where('work_id', '=', thisWork),
    });
    await trx
      .updateTable('app.automation_entrants')
      .set({ matches: false })
      .where('work_id', '=', thisWork)
      .where('customer_id', 'not in', (eb) =>
        eb.selectFrom('app.automation_matches').select('customer_id').where('work_id', '=', thisWork),
      )
      .execute();
    await trx.deleteFrom('app.automation_matches').where('work_id', '=', thisWork).execute();
  }
  const { rows } = await sql<{ entered: number }>`
    select ops.enter_automation(${thisWork}, ${id}::bigint, ${at}::timestamptz) as entered
  `.execute(trx);
  return rows[0]!.entered;
}

export const asksSomething = (condition: unknown): boolean =>
  typeof condition === 'object' && condition !== null && Object.keys(condition).length > 0;

/** The day whose facts hold all that is known by a moment: today's orders count, those of tomorrow are not there yet. */
export function factsDay(at: string, time_zone: string): string {
  const day = dayIn(time_zone, new Date(at));
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** Who of the customers satisfies a condition now; one that no longer compiles (a field is gone) nobody does. */
async function writeMatches(
  trx: Kysely<DB>,
  { resources }: EngineDeps,
  { condition, at, customers }: { condition: unknown; at: string; customers: Expression<{ customer_id: number }> },
): Promise<void> {
  const { time_zone } = await readProgramme(trx);
  const day = factsDay(at, time_zone);
  let test: ReturnType<typeof factsCondition>;
  try {
    test = factsCondition(condition ?? {}, { resources, moment: momentOf(day, time_zone) });
  } catch (error) {
    if (error instanceof PredicateError) return;
    throw error;
  }
  const facts = sql<SegmentFacts>`ops.segment_facts(${day}::date, array(${customers}))`.as<typeof FACTS>(sql.id(FACTS));
  await trx
    .insertInto('app.automation_matches')
    .columns(['work_id', 'customer_id'])
    .expression((eb) =>
      eb
        .selectFrom(facts)
        .select([thisWork.as('work_id'), `${FACTS}.customer_id`])
        .where(test),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function runningAutomations(trx: Kysely<DB>) {
  return trx
    .selectFrom('app.automations')
    .select(['id', 'audience_filter', 'trigger'])
    .where('status', '=', 'running')
    .orderBy('id')
    .execute();
}
