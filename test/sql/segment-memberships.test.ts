import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DB } from '../../api/schema.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { publishRules } from './segments.ts';

const CUSTOMERS = [1, 2, 3];
const CODES = ['gold', 'silver', 'other'] as const;
/** What each customer is on a day; null: not known that day. */
type Assigned = (string | null)[];
interface Stay {
  customer_id: number;
  entered_on: string;
  left_on: string | null;
  segment_code: string;
}

let t: TestDatabase;
let ids: { rule_set_id: number; version_id: number };
beforeAll(async () => {
  t = await testDatabase();
  const rules = CODES.slice(0, 2).map((code) => ({ code, name: code, name_en: code, condition: {} }));
  ids = await publishRules(t, 'any', rules);
});
afterAll(() => t?.close());

it('gives the same stays whatever the order and repetition of the days', async () => {
  const assigned = fc.tuple(...CUSTOMERS.map(() => fc.option(fc.constantFrom(...CODES), { freq: 4 })));
  const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), assigned), { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(runs, async (days) => {
      await rolledBack(async (trx) => {
        for (const [day, codes] of days) await snapshot(trx, dayOf(day), codes);
        expect(await stays(trx)).toEqual(expectedStays(new Map(days)));
        // The last run once more: nothing left to change.
        const [day, codes] = days.at(-1)!;
        expect(await snapshot(trx, dayOf(day), codes)).toBe(0);
      });
    }),
    { numRuns: 150 },
  );
}, 60_000);

it('counts every customer in exactly one segment of the day', async () => {
  await rolledBack(async (trx) => {
    await snapshot(trx, '2026-03-01', ['gold', 'gold', null]);
    const sizes = await trx
      .selectFrom('app.segment_day')
      .select(['segment_code', 'customer_count', 'order_count', 'net_amount'])
      .orderBy('segment_code')
      .execute();
    const days = await trx
      .selectFrom('app.segment_snapshots')
      .select(['as_of_on', 'customer_count', 'stale'])
      .execute();

    expect(sizes).toEqual([
      { segment_code: 'gold', customer_count: 2, order_count: 2, net_amount: '20.00' },
      { segment_code: 'other', customer_count: 0, order_count: 0, net_amount: '0.00' },
      { segment_code: 'silver', customer_count: 0, order_count: 0, net_amount: '0.00' },
    ]);
    expect(days).toEqual([{ as_of_on: '2026-03-01', customer_count: 2, stale: false }]);
  });
});

/** The stays that the last answer of each day means: each holds until the next computed day. */
function expectedStays(answers: ReadonlyMap<number, Assigned>): Stay[] {
  const days = [...answers.keys()].sort((a, b) => a - b);
  return CUSTOMERS.flatMap((customer_id, index) => {
    const found: Stay[] = [];
    for (const day of days) {
      const code = answers.get(day)![index] ?? null;
      const last = found.at(-1);
      if (last && last.left_on === null && last.segment_code === code) continue;
      if (last && last.left_on === null) last.left_on = dayOf(day);
      if (code) found.push({ customer_id, entered_on: dayOf(day), left_on: null, segment_code: code });
    }
    return found;
  });
}

function dayOf(day: number): string {
  return `2026-03-0${day}`;
}

async function snapshot(trx: Kysely<DB>, as_of_on: string, codes: Assigned): Promise<number> {
  await sql`select ops.clear_segment_assignments()`.execute(trx);
  const rows = CUSTOMERS.flatMap((customer_id, index) => {
    const segment_code = codes[index];
    return segment_code ? [{ customer_id, segment_code, order_count: 1, net_amount: '10.00' }] : [];
  });
  if (rows.length > 0) await trx.insertInto('app.segment_assignments').values(rows).execute();
  const applied = await sql<{ changed: number }>`
    select ops.apply_segment_snapshot(${ids.version_id}::bigint, ${as_of_on}::date) as changed
  `.execute(trx);
  return applied.rows[0]!.changed;
}

async function stays(trx: Kysely<DB>): Promise<Stay[]> {
  return trx
    .selectFrom('app.segment_memberships')
    .select(['customer_id', 'entered_on', 'left_on', 'segment_code'])
    .where('rule_set_id', '=', ids.rule_set_id)
    .orderBy('customer_id')
    .orderBy('entered_on')
    .execute();
}

async function rolledBack(work: (trx: Kysely<DB>) => Promise<void>): Promise<void> {
  const enough = new Error('enough');
  await t.db
    .transaction()
    .execute(async (trx) => {
      await work(trx);
      throw enough;
    })
    .catch((error) => {
      if (error !== enough) throw error;
    });
}
