/** The rollups are kept up by differences and in steps: whatever happened in whatever order, they are what one go would give. */
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import type { DB } from '../../api/schema.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

const CUSTOMERS = [1, 2, 3];
const ROLLUPS = [
  'customer_day',
  'order_day',
  'order_period',
  'customer_start',
  'first_order_day',
  'customer_totals',
] as const;
const AS_OF = '2026-12-01';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  await t.db
    .insertInto('app.customers')
    .values(CUSTOMERS.map((id) => ({ id, external_id: `c${id}`, enrolled_on: '2026-01-01' })))
    .execute();
});
afterAll(() => t?.close());

interface Fact {
  customer_id: number;
  on: string;
  amount: number;
}
const day = (number: number) => shiftDate('2026-01-01', number)!;

async function order(db: Kysely<DB>, { on, ...rest }: Fact): Promise<void> {
  const external_id = String(Math.random());
  await db
    .insertInto('app.orders')
    .values({ ...rest, source: 'test', external_id, placed_at: `${on}T04:00:00Z`, placed_on: on })
    .execute();
  await dirty(db, 'orders', [on]);
}
async function returned(db: Kysely<DB>, { on, ...rest }: Fact): Promise<void> {
  const external_id = String(Math.random());
  await db
    .insertInto('app.returns')
    .values({ ...rest, source: 'test', external_id, returned_at: `${on}T04:00:00Z`, returned_on: on })
    .execute();
  await dirty(db, 'returns', [on]);
}
async function cancelAll(db: Kysely<DB>, { on, customer_id }: Fact): Promise<void> {
  await db
    .updateTable('app.orders')
    .set({ status: 'cancelled' })
    .where('placed_on', '=', on)
    .where('customer_id', '=', customer_id)
    .execute();
  await dirty(db, 'orders', [on]);
}
async function dirty(db: Kysely<DB>, table: string, days: string[]): Promise<void> {
  await sql`select ops.mark_dirty(${table}::text, ${days}::date[])`.execute(db);
}
async function refreshAll(db: Kysely<DB>, as_of = AS_OF): Promise<void> {
  do await sql`select ops.refresh_rollups(${as_of}::date)`.execute(db);
  while (await waiting(db));
}
async function waiting(db: Kysely<DB>): Promise<number> {
  const { days } = await db
    .selectFrom('app.dirty_days')
    .select((eb) => eb.fn.count<number>('day').distinct().as('days'))
    .executeTakeFirstOrThrow();
  return days;
}

/** All rows of all rollups but those that say nothing. */
async function rollups(db: Kysely<DB>): Promise<unknown> {
  const found: { [table: string]: unknown[] } = {};
  for (const table of ROLLUPS) {
    const { rows } = await sql<{ row: string }>`
      select rollup::text as row from ${sql.id('app', table)} as rollup order by 1
    `.execute(db);
    found[table] = rows.map((row) => row.row).filter((row) => !/,0,0,0\)$|^\([^,]+,0,0\)$|,,,0,/.test(row));
  }
  return found;
}
async function fromNothing(db: Kysely<DB>): Promise<unknown> {
  for (const table of [...ROLLUPS, 'customer_totals_until'] as const) await db.deleteFrom(`app.${table}`).execute();
  const { rows } = await sql<{ days: string[] }>`
    select array(select placed_on::text from app.orders union select returned_on::text from app.returns) as days
  `.execute(db);
  await dirty(db, 'orders', rows[0]!.days);
  await refreshAll(db);
  return rollups(db);
}

const rolledBack = async (work: (trx: Kysely<DB>) => Promise<void>) => {
  const enough = new Error('enough');
  await t.owner
    .transaction()
    .execute(async (trx) => {
      await work(trx);
      throw enough;
    })
    .catch((error) => {
      if (error !== enough) throw error;
    });
};

describe('the rollups', () => {
  it('are the same kept up by differences as made from nothing, whatever comes late, is cancelled or comes back', async () => {
    const fact = fc.record({
      customer_id: fc.constantFrom(...CUSTOMERS),
      on: fc.integer({ min: 20, max: 50 }).map(day),
      amount: fc.integer({ min: 0, max: 90 }),
      what: fc.constantFrom(order, order, order, returned, cancelAll, cancelAll),
    });
    const steps = fc.array(fc.tuple(fc.array(fact, { maxLength: 6 }), fc.integer({ min: 30, max: 70 }).map(day)), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(steps, (all) =>
        rolledBack(async (trx) => {
          for (const [facts, as_of] of all) {
            for (const { what, ...each } of facts) await what(trx, each);
            await refreshAll(trx, as_of);
          }
          await refreshAll(trx);
          expect(await rollups(trx)).toEqual(await fromNothing(trx));
        }),
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('of a long history come in steps; stopped half way they go on where they were, with the same result', async () => {
    const days = Array.from({ length: 100 }, (_, at) => day(at));
    for (const [at, on] of days.entries()) await order(t.db, { customer_id: 1 + (at % 3), on, amount: at });
    const first = await runJob(jobDeps(t), 'refresh_rollups', AS_OF, { stopped: () => true });
    const left = await waiting(t.db);
    const known = await t.db
      .selectFrom('app.order_day')
      .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('day').as('last')])
      .executeTakeFirstOrThrow();
    const second = await runJob(jobDeps(t), 'refresh_rollups', AS_OF);

    expect([first.state, left]).toEqual(['done', 69]);
    // The oldest first.
    expect(known).toEqual({ count: 31, last: day(30) });
    // A row per customer and day, and one per day.
    expect([second.state, second.rows_written, await waiting(t.db)]).toEqual(['done', 138, 0]);
    const steps = await rollups(t.db);
    expect(steps).toEqual(await fromNothing(t.owner));
  });

  it('tell between two steps how many days wait', async () => {
    const told: unknown[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => told.push(JSON.parse(line).waiting) });
    await dirty(
      t.db,
      'orders',
      Array.from({ length: 70 }, (_, at) => day(at)),
    );
    await runJob({ ...jobDeps(t), log }, 'refresh_rollups', AS_OF);

    expect(told).toEqual([39, 8]);
    expect(await waiting(t.db)).toBe(0);
  });
});
