import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DB } from '../../api/schema.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const CUSTOMERS = [1, 2, 3];
beforeAll(async () => {
  t = await testDatabase();
  await t.db
    .insertInto('app.customers')
    .values(CUSTOMERS.map((id) => ({ id, external_id: `c${id}`, enrolled_on: '2026-01-01' })))
    .execute();
});
afterAll(() => t?.close());

/** March has 31 days here; totals reach to eight days before the day of the refresh. */
const day = (number: number) => `2026-03-${String(number).padStart(2, '0')}`;

it('is the same from the totals and from the history, whatever comes late, is cancelled or goes', async () => {
  const fact = fc.record({
    customer_id: fc.constantFrom(...CUSTOMERS),
    on: fc.integer({ min: 1, max: 30 }),
    amount: fc.integer({ min: 0, max: 90 }),
    what: fc.constantFrom('order', 'order', 'return', 'cancel all of the day'),
  });
  const steps = fc.array(fc.tuple(fc.array(fact, { maxLength: 4 }), fc.integer({ min: 1, max: 31 })), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      await rolledBack(async (trx) => {
        for (const [facts, as_of] of all) {
          for (const { customer_id, on, amount, what } of facts)
            await happen(trx, { customer_id, on: day(on), amount, what });
          await sql`select ops.refresh_rollups(${day(as_of)}::date)`.execute(trx);
        }
        const asked = [1, 9, 15, 22, 31].map(day);
        const added = await spend(trx, asked);
        await trx.deleteFrom('app.customer_totals_until').execute();
        expect(added).toEqual(await spend(trx, asked));
      });
    }),
    { numRuns: 80 },
  );
}, 60_000);

async function spend(trx: Kysely<DB>, days: string[]): Promise<unknown[]> {
  const found = [];
  for (const as_of of days) {
    const { rows } = await sql`
      select
        ${as_of}::text as as_of, customer_id, first_order_on, last_order_on, order_count::integer,
        gross_amount::numeric(14, 2), returned_amount::numeric(14, 2)
      from ops.customer_spend(${as_of}::date)
      where order_count > 0 or returned_amount > 0
      order by customer_id
    `.execute(trx);
    found.push(...rows);
  }
  return found;
}

async function happen(
  trx: Kysely<DB>,
  { customer_id, on, amount, what }: { customer_id: number; on: string; amount: number; what: string },
): Promise<void> {
  const fact = { customer_id, source: 'test', external_id: String(Math.random()), amount };
  if (what === 'order')
    await trx
      .insertInto('app.orders')
      .values({ ...fact, placed_at: `${on}T04:00:00Z`, placed_on: on })
      .execute();
  else if (what === 'return')
    await trx
      .insertInto('app.returns')
      .values({ ...fact, returned_at: `${on}T04:00:00Z`, returned_on: on })
      .execute();
  else await trx.updateTable('app.orders').set({ status: 'cancelled' }).where('placed_on', '=', on).execute();
  await sql`select ops.mark_dirty(${what === 'return' ? 'returns' : 'orders'}::text, array[${on}]::date[])`.execute(
    trx,
  );
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
