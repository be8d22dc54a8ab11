/**
 * Who is in which segment on the day: every rule set with a version in force is computed by one compiled statement and
 * becomes ranges of membership. A day can be computed again, or after later ones, without harm.
 */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { FACTS, momentOf, readRules, segmentCase, segmentFacts } from '../segment-rules.ts';

export const every = '20 0 * * *';
export const after = ['rfm_scores'];
/** Days of it marked stale, because late facts or new rules concern them, are computed again. */
export const stale = 'app.segment_snapshots';

/** @returns how many customers changed segment, over all rule sets */
export async function run({ db, as_of_on }: JobContext): Promise<number> {
  const { time_zone } = await readProgramme(db);
  const versions = await db
    .selectFrom('app.segment_rule_set_versions')
    .select(['id', 'rules'])
    .where('state', '=', 'published')
    .where('effective_from', '<=', as_of_on)
    .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>', as_of_on)]))
    .orderBy('rule_set_id')
    .execute();
  let changed = 0;
  for (const { id, rules } of versions) {
    const segment = segmentCase(readRules(rules), momentOf(as_of_on, time_zone));
    changed += await db.transaction().execute(async (trx) => {
      await assign(trx, { as_of_on, segment });
      const applied = await sql<{ changed: number }>`
        select ops.apply_segment_snapshot(${id}::bigint, ${as_of_on}::date) as changed
      `.execute(trx);
      return applied.rows[0]!.changed;
    });
  }
  // A day of a set whose rules no longer reach it stays as it was, and is not asked for again.
  await db
    .updateTable('app.segment_snapshots')
    .set({ stale: false })
    .where('as_of_on', '=', as_of_on)
    .where('stale', '=', true)
    .execute();
  return changed;
}

async function assign(
  trx: Kysely<DB>,
  { as_of_on, segment }: { as_of_on: string; segment: ReturnType<typeof segmentCase> },
): Promise<void> {
  await sql`select ops.clear_segment_assignments()`.execute(trx);
  await trx
    .insertInto('app.segment_assignments')
    .columns(['customer_id', 'segment_code', 'order_count', 'net_amount'])
    .expression((eb) =>
      eb
        .selectFrom(segmentFacts(as_of_on))
        .select([`${FACTS}.customer_id`, segment.as('segment_code'), `${FACTS}.order_count`, `${FACTS}.net_amount`]),
    )
    .execute();
}
