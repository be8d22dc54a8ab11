import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPools } from '../../api/database.ts';
import type { DB } from '../../api/schema.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let customer_id: number;
let order_id: number;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

/** A known customer with two orders on one day, one cancelled, one later; one order of nobody; a return that names no order. */
beforeEach(async () => {
  for (const table of [
    'returns',
    'orders',
    'dirty_days',
    'customer_day',
    'order_day',
    'order_period',
    'customer_start',
    'first_order_day',
  ] as const) {
    await t.owner.deleteFrom(`app.${table}`).execute();
  }
  const customer = await t.db
    .insertInto('app.customers')
    .values({ external_id: `c${Math.random()}`, enrolled_on: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow();
  customer_id = customer.id;
  order_id = await order({ day: '2026-03-02', amount: 100, returned_amount: 30 });
  await order({ day: '2026-03-02', amount: 50, channel: 'store' });
  await order({ day: '2026-03-02', amount: 999, status: 'cancelled' });
  await order({ day: '2026-04-05', amount: 20 });
  await order({ day: '2026-03-02', amount: 7, customer_id: 0 });
  await returned({ day: '2026-03-09', amount: 30, order_id });
  await returned({ day: '2026-03-10', amount: 4 });
});

interface Placed {
  day: string;
  amount: number;
  channel?: 'online' | 'store';
  status?: 'paid' | 'cancelled';
  returned_amount?: number;
  customer_id?: number;
}
async function firstOrders() {
  return t.db.selectFrom('app.first_order_day').selectAll().where('customer_count', '>', 0).orderBy('day').execute();
}
async function order({ day, amount, ...rest }: Placed, db: Kysely<DB> = t.db): Promise<number> {
  const { id } = await db
    .insertInto('app.orders')
    .values({
      customer_id,
      source: 'test',
      external_id: String(Math.random()),
      placed_at: `${day}T04:00:00Z`,
      placed_on: day,
      amount,
      ...rest,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await dirty(db, 'orders', day);
  return id;
}
async function returned({ day, amount, order_id = null }: { day: string; amount: number; order_id?: number | null }) {
  await t.db
    .insertInto('app.returns')
    .values({
      customer_id,
      source: 'test',
      external_id: String(Math.random()),
      order_id,
      amount,
      returned_at: `${day}T04:00:00Z`,
      returned_on: day,
    })
    .execute();
  await dirty(t.db, 'returns', day);
}
async function dirty(db: Kysely<DB>, table: string, day: string): Promise<void> {
  await sql`select ops.mark_dirty(${table}::text, array[${day}]::date[])`.execute(db);
}
async function refresh(db: Kysely<DB> = t.db): Promise<number> {
  const answer = await sql<{ written: number }>`select ops.refresh_rollups() as written`.execute(db);
  return answer.rows[0]!.written;
}
const customerDays = () =>
  t.db
    .selectFrom('app.customer_day')
    .select(['day', 'order_count', 'amount', 'returned_amount'])
    .where('customer_id', '=', customer_id)
    .orderBy('day')
    .execute();

describe('the rollups', () => {
  it('hold orders on their day, returns on the day they were made, and nothing of the cancelled or the unknown', async () => {
    await refresh();

    expect(await customerDays()).toEqual([
      { day: '2026-03-02', order_count: 2, amount: '150.00', returned_amount: '0.00' },
      { day: '2026-03-09', order_count: 0, amount: '0.00', returned_amount: '30.00' },
      { day: '2026-03-10', order_count: 0, amount: '0.00', returned_amount: '4.00' },
      { day: '2026-04-05', order_count: 1, amount: '20.00', returned_amount: '0.00' },
    ]);
  });

  it('restate returns on the day of their order, where they name one', async () => {
    await refresh();

    const days = await t.db
      .selectFrom('app.order_day')
      .selectAll()
      .orderBy('day')
      .orderBy('channel')
      .orderBy('identified')
      .execute();
    const row = { unlinked_returned_amount: '0.00', returned_amount: '0.00' };
    expect(days).toEqual([
      { ...row, day: '2026-03-02', channel: 'online', identified: false, order_count: 1, amount: '7.00' },
      {
        ...row,
        day: '2026-03-02',
        channel: 'online',
        identified: true,
        order_count: 1,
        amount: '100.00',
        returned_amount: '30.00',
      },
      { ...row, day: '2026-03-02', channel: 'store', identified: true, order_count: 1, amount: '50.00' },
      {
        ...row,
        day: '2026-03-10',
        channel: 'unknown',
        identified: true,
        order_count: 0,
        amount: '0.00',
        unlinked_returned_amount: '4.00',
      },
      { ...row, day: '2026-04-05', channel: 'online', identified: true, order_count: 1, amount: '20.00' },
    ]);
  });

  it('count buyers per week and month once, and the first two days of each', async () => {
    await refresh();

    const months = await t.db
      .selectFrom('app.order_period')
      .selectAll()
      .where('buyer_count', '>', 0)
      .orderBy('grain')
      .orderBy('starts_on')
      .execute();
    expect(months).toEqual([
      { grain: 'month', starts_on: '2026-03-01', buyer_count: 1, repeat_buyer_count: 1, retained_buyer_count: 0 },
      { grain: 'month', starts_on: '2026-04-01', buyer_count: 1, repeat_buyer_count: 0, retained_buyer_count: 1 },
      { grain: 'week', starts_on: '2026-03-02', buyer_count: 1, repeat_buyer_count: 1, retained_buyer_count: 0 },
      { grain: 'week', starts_on: '2026-03-30', buyer_count: 1, repeat_buyer_count: 0, retained_buyer_count: 0 },
    ]);
    expect(await t.db.selectFrom('app.customer_start').selectAll().execute()).toEqual([
      { customer_id, first_order_on: '2026-03-02', second_order_on: '2026-04-05' },
    ]);
    // Not within thirty days.
    expect(await firstOrders()).toEqual([{ day: '2026-03-02', customer_count: 1, repurchased_30d_count: 0 }]);
  });

  it('write nothing when nothing came in, nor when what came in changed nothing', async () => {
    expect(await refresh()).toBeGreaterThan(0);
    expect(await refresh()).toBe(0);
    await dirty(t.db, 'orders', '2026-03-02');
    expect(await refresh()).toBe(0);
  });

  it('follow an order that is cancelled, one that is back-dated and one that goes', async () => {
    await refresh();
    await t.db.updateTable('app.orders').set({ status: 'cancelled' }).where('id', '=', order_id).execute();
    await dirty(t.db, 'orders', '2026-03-02');
    await order({ day: '2026-02-01', amount: 1 });
    await t.owner.deleteFrom('app.orders').where('placed_on', '=', '2026-04-05').execute();
    await dirty(t.db, 'orders', '2026-04-05');
    await refresh();

    expect((await customerDays()).map((row) => [row.day, row.order_count, row.amount])).toEqual([
      ['2026-02-01', 1, '1.00'],
      ['2026-03-02', 1, '50.00'],
      ['2026-03-09', 0, '0.00'],
      ['2026-03-10', 0, '0.00'],
    ]);
    expect(await t.db.selectFrom('app.customer_start').selectAll().execute()).toEqual([
      { customer_id, first_order_on: '2026-02-01', second_order_on: '2026-03-02' },
    ]);
    expect(await firstOrders()).toEqual([{ day: '2026-02-01', customer_count: 1, repurchased_30d_count: 1 }]);
  });

  it('miss nothing that is committed while they are being refreshed, by two workers at once', async () => {
    const logins = findLogins({ owner_url: t.config.database_url! });
    const other = openPools(logins, { size: 2 });
    const writing = (async () => {
      for (let at = 0; at < 40; at++) await order({ day: '2026-05-01', amount: 1 });
    })();
    const refreshing = [t.db, other.db].map(async (db) => {
      for (let at = 0; at < 15; at++) await refresh(db);
    });
    await Promise.all([writing, ...refreshing]);
    await refresh();
    await other.close();

    expect((await customerDays()).at(-1)).toEqual({
      day: '2026-05-01',
      order_count: 40,
      amount: '40.00',
      returned_amount: '0.00',
    });
  });

  it('call stale what was computed from days after the first that changed, and nothing before', async () => {
    await refresh();
    for (const as_of_on of ['2026-03-02', '2026-03-03']) {
      await t.db
        .insertInto('app.rfm_snapshots')
        .values({
          as_of_on,
          customer_count: 1,
          recency_cuts: sql`'{}'`,
          frequency_cuts: sql`'{}'`,
          monetary_cuts: sql`'{}'`,
        })
        .execute();
    }
    await order({ day: '2026-03-02', amount: 1 });
    await refresh();

    const days = await t.db.selectFrom('app.rfm_snapshots').select(['as_of_on', 'stale']).orderBy('as_of_on').execute();
    // As of 2 March only what was before 2 March counts.
    expect(days).toEqual([
      { as_of_on: '2026-03-02', stale: false },
      { as_of_on: '2026-03-03', stale: true },
    ]);
  });
});
