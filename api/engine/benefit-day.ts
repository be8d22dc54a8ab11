/**
 * What a day brings for benefits: packages are granted, periods open with what is brought along, reminders fall due. Each
 * benefit and package is a unit of its own, so that a run that was stopped goes on where it was.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { FACTS, factsCondition, momentOf, segmentFacts } from '../segment-rules.ts';

/** Runs work in a transaction: of its own each time, or all in one where data is made whole. */
export type Unit = <T>(work: (trx: Kysely<DB>) => Promise<T>) => Promise<T>;

interface Step {
  day: string;
  condition: unknown;
  everybody: boolean;
  since_on: string | null;
  version_id: number;
}

/** Workings belong to the transaction that makes them. */
const thisRun = sql<number>`pg_current_xact_id()::text::bigint`;

/** @returns how many rows were written */
export async function benefitDay(
  unit: Unit,
  { resources }: Pick<Deps, 'resources'>,
  { as_of_on, stopped = () => false }: { as_of_on: string; stopped?: () => boolean },
): Promise<number> {
  let written = 0;
  for (const id of await unit((trx) => idsOf(trx, 'app.benefit_packages'))) {
    if (stopped()) return written;
    written += await unit((trx) => packageDay(trx, { id, as_of_on }));
  }
  for (const id of await unit((trx) => idsOf(trx, 'app.benefits'))) {
    if (stopped()) return written;
    written += await unit((trx) => openBenefit(trx, { id, as_of_on, resources }));
  }
  return written + (stopped() ? 0 : await unit((trx) => noteReminders(trx, as_of_on)));
}

/** Grants of one package, and what they give on the day. */
export async function packageDay(trx: Kysely<DB>, { id, as_of_on }: { id: number; as_of_on: string }): Promise<number> {
  const { rows } = await sql<{ written: number }>`
    select ops.package_day(${id}::bigint, ${as_of_on}::date) as written
  `.execute(trx);
  return Number(rows[0]!.written);
}

/** Who of the customers (all where none are named) satisfies the condition of a benefit as of a day, for the run that asks. */
export async function writeMatches(
  trx: Kysely<DB>,
  {
    benefit_id,
    condition,
    as_of_on,
    customer_id = null,
    resources,
  }: {
    benefit_id: number;
    condition: unknown;
    as_of_on: string;
    customer_id?: number | null;
    resources: Deps['resources'];
  },
): Promise<void> {
  const { time_zone } = await readProgramme(trx);
  const test = factsCondition(condition, { resources, moment: momentOf(as_of_on, time_zone) });
  await trx
    .insertInto('app.benefit_matches')
    .columns(['run_id', 'benefit_id', 'customer_id'])
    .expression((eb) =>
      eb
        .selectFrom(segmentFacts(as_of_on))
        .select([thisRun.as('run_id'), sql<number>`${benefit_id}::bigint`.as('benefit_id'), `${FACTS}.customer_id`])
        .where(test)
        .$if(customer_id !== null, (query) => query.where(`${FACTS}.customer_id`, '=', customer_id!)),
    )
    .onConflict((conflict) => conflict.columns(['run_id', 'benefit_id', 'customer_id']).doNothing())
    .execute();
}

export async function clearMatches(trx: Kysely<DB>): Promise<void> {
  await trx.deleteFrom('app.benefit_matches').where('run_id', '=', thisRun).execute();
}

async function idsOf(trx: Kysely<DB>, table: 'app.benefits' | 'app.benefit_packages'): Promise<number[]> {
  const rows = await trx.selectFrom(table).select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

async function openBenefit(
  trx: Kysely<DB>,
  { id, as_of_on, resources }: { id: number; as_of_on: string; resources: Deps['resources'] },
): Promise<number> {
  const steps = await sql<Step>`
    select day, condition, everybody, since_on, version_id from ops.benefit_steps(${id}::bigint, ${as_of_on}::date)
  `.execute(trx);
  let written = 0;
  for (const { day, condition, everybody, since_on, version_id } of steps.rows) {
    if (condition !== null) await writeMatches(trx, { benefit_id: id, condition, as_of_on: day, resources });
    const { rows } = await sql<{ opened: number }>`
      select ops.benefit_day(
        pg_current_xact_id()::text::bigint, ${id}::bigint, ${version_id}::bigint, ${day}::date, ${everybody}, ${since_on}::date
      ) as opened
    `.execute(trx);
    written += Number(rows[0]!.opened);
    if (condition !== null) await clearMatches(trx);
  }
  return written;
}

async function noteReminders(trx: Kysely<DB>, as_of_on: string): Promise<number> {
  const { rows } = await sql<{ noted: number }>`
    select ops.note_benefit_reminders(${as_of_on}::date) as noted
  `.execute(trx);
  return Number(rows[0]!.noted);
}
