/** Tasks of customers as their facts say: conditions are asked here, the rest is ops.review_tasks. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { PredicateError } from '../predicate.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { FACTS, factsCondition, momentOf, type SegmentFacts } from '../segment-rules.ts';
import { openRun } from './process.ts';

export interface Reviewing {
  customers: readonly number[];
  at: string;
}

/**
 * Brings tasks of customers to where their facts are, gives what they reached and takes back what they lost, within the given
 * transaction, which holds their accounts from then on. @returns how many steps were reached or lost
 */
export async function reviewTasks(
  trx: Kysely<DB>,
  { resources }: Pick<Deps, 'resources'>,
  { customers, at }: Reviewing,
): Promise<number> {
  if (customers.length === 0) return 0;
  await writeTaskMatches(trx, { resources }, { customers, at });
  const { rows } = await sql<{ changed: number }>`
    select ops.review_tasks(${`{${customers.join(',')}}`}::bigint[], ${at}::timestamptz) as changed
  `.execute(trx);
  return rows[0]!.changed;
}

/** Who satisfies the condition of the tasks that they may have begun, as of the day on which it is asked. */
export async function writeTaskMatches(
  trx: Kysely<DB>,
  { resources }: Pick<Deps, 'resources'>,
  { customers, at }: Reviewing,
): Promise<void> {
  const conditional = await trx
    .selectFrom('base.task_versions')
    .select(({ fn }) => fn.countAll<number>().as('versions'))
    .where('status', '=', 'active')
    .where('customer_condition', 'is not', null)
    .executeTakeFirstOrThrow();
  if (Number(conditional.versions) === 0) return;
  const run = await openRun(trx);
  const { time_zone } = await readProgramme(trx);
  const { rows } = await sql<{ version_id: number; condition: unknown; asked_on: string; customers: number[] }>`
    select
      starts.version_id,
      versions.customer_condition as condition,
      starts.asked_on,
      array_agg(distinct starts.customer_id) as customers
    from ops.task_starts(${`{${customers.join(',')}}`}::bigint[], ${at}::timestamptz) as starts
    inner join base.task_versions as versions
      on versions.version_id = starts.version_id
    where versions.customer_condition is not null
    group by starts.version_id, versions.customer_condition, starts.asked_on
  `.execute(trx);
  for (const { version_id, condition, asked_on, customers: asked } of rows) {
    const satisfied = conditionOf(condition, { resources, moment: momentOf(asked_on, time_zone) });
    if (!satisfied) continue;
    await trx
      .insertInto('app.task_matches')
      .columns(['run_id', 'version_id', 'customer_id', 'matched_on'])
      .expression(
        trx
          .selectFrom(
            sql<SegmentFacts>`ops.segment_facts(${asked_on}::date, ${`{${asked.join(',')}}`}::bigint[])`.as<
              typeof FACTS
            >(sql.id(FACTS)),
          )
          .select([
            sql<number>`${run}::bigint`.as('run_id'),
            sql<number>`${version_id}::bigint`.as('version_id'),
            `${FACTS}.customer_id`,
            sql<string>`${asked_on}::date`.as('matched_on'),
          ])
          .where(satisfied),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** A condition that no longer compiles (a field is gone) is satisfied by nobody. */
function conditionOf(condition: unknown, scope: Parameters<typeof factsCondition>[1]) {
  try {
    return factsCondition(condition, scope);
  } catch (error) {
    if (error instanceof PredicateError) return null;
    throw error;
  }
}
