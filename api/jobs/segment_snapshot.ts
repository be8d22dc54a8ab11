/**
 * Who is in which segment on the day: every rule set with a version in force is computed by one compiled statement and
 * becomes ranges of membership. A day can be computed again, or after later ones, without harm.
 */
import { type Kysely, sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { JobContext } from '../jobs.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { FACTS, momentOf, type RuleScope, readRules, segmentCase, segmentFacts } from '../segment-rules.ts';

export const label = ['客群快照', 'Segment snapshot'] as const;
export const every = '20 0 * * *';
export const after = ['rfm_scores'];
/** Days of it marked stale, because late facts or new rules concern them, are computed again. */
export const stale = 'app.segment_snapshots';

/** @returns how many customers changed segment, over all rule sets */
export async function run({ db, deps, as_of_on }: JobContext): Promise<number> {
  const { time_zone } = await readProgramme(db);
  let changed = 0;
  for (const version of await versionsInForce(db, as_of_on)) {
    changed += await db
      .transaction()
      .execute((trx) => snapshot(trx, { version, as_of_on, time_zone, resources: deps.resources }));
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

export interface RuleSetVersion {
  id: number;
  rules: Json;
}

/** The published version of each rule set that holds on the day. */
export async function versionsInForce(db: Kysely<DB>, as_of_on: string): Promise<RuleSetVersion[]> {
  return db
    .selectFrom('app.segment_rule_set_versions')
    .select(['id', 'rules'])
    .where('state', '=', 'published')
    .where('effective_from', '<=', as_of_on)
    .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>', as_of_on)]))
    .orderBy('rule_set_id')
    .execute();
}

/** One rule set on one day, within the given transaction. @returns how many customers changed segment */
export async function snapshot(
  trx: Kysely<DB>,
  {
    version,
    as_of_on,
    time_zone,
    resources,
  }: { version: RuleSetVersion; as_of_on: string; time_zone: string; resources: RuleScope['resources'] },
): Promise<number> {
  const segment = segmentCase(readRules(version.rules, resources), {
    resources,
    moment: momentOf(as_of_on, time_zone),
  });
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
  const applied = await sql<{ changed: number }>`
    select ops.apply_segment_snapshot(${version.id}::bigint, ${as_of_on}::date) as changed
  `.execute(trx);
  return applied.rows[0]!.changed;
}
