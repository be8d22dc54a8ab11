/** Reviews and shares as reports count them: given a few events, whole rows. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const people: number[] = [];
let product: number;
beforeAll(async () => {
  t = await testDatabase();
  for (const external_id of ['sharer', 'friend', 'other']) {
    const { id } = await t.db
      .insertInto('app.customers')
      .values({ external_id, enrolled_on: '2025-12-01' })
      .returning('id')
      .executeTakeFirstOrThrow();
    people.push(id);
  }
  const made = await t.db
    .insertInto('app.products')
    .values({ external_id: 'TEA-01', name: '龙井', category: '茶' })
    .returning('id')
    .executeTakeFirstOrThrow();
  product = made.id;
});
afterAll(() => t?.close());

let events = 0;
async function event(values: {
  kind: string;
  day: string;
  customer?: number;
  channel?: string;
  rating?: number;
  order_id?: number;
  product_id?: number;
}): Promise<void> {
  const { day, customer = 0, ...rest } = values;
  await t.db
    .insertInto('app.events')
    .values({
      ...rest,
      customer_id: people[customer]!,
      source: 't',
      external_id: `E${++events}`,
      occurred_at: `${day}T04:00:00Z`,
      occurred_on: day,
    })
    .execute();
}

async function order(customer: number, amount: number, status = 'paid'): Promise<number> {
  const { id } = await t.db
    .insertInto('app.orders')
    .values({
      customer_id: people[customer]!,
      source: 't',
      external_id: `O${customer} ${amount}`,
      placed_at: '2026-03-02T04:00:00Z',
      placed_on: '2026-03-02',
      status,
      amount,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

test('reviews of a day are counted by channel; those without a rating are reviews, and no part of its mean', async () => {
  await event({ kind: 'review', day: '2026-03-02', channel: 'app', rating: 5, product_id: product });
  await event({ kind: 'review', day: '2026-03-02', channel: 'app', rating: 4 });
  await event({ kind: 'review', day: '2026-03-02', channel: 'app', rating: 2 });
  await event({ kind: 'review', day: '2026-03-02', channel: 'app' });
  await event({ kind: 'review', day: '2026-03-03', rating: 3 });
  await event({ kind: 'check_in', day: '2026-03-03' });

  const rows = await t.db.selectFrom('report.review_days').selectAll().orderBy('reviewed_on').execute();
  expect(rows).toEqual([
    {
      ...{ reviewed_on: '2026-03-02', channel: 'app', review_count: 4, rated_count: 3, rating_sum: 11 },
      ...{ top_two_count: 2, low_count: 1 },
    },
    {
      ...{ reviewed_on: '2026-03-03', channel: 'unknown', review_count: 1, rated_count: 1, rating_sum: 3 },
      ...{ top_two_count: 0, low_count: 0 },
    },
  ]);
  const named = await t.db
    .selectFrom('report.reviews')
    .select(['reviewed_on', 'source', 'event_no', 'channel', 'rating', 'sku', 'product_name', 'category'])
    .where('rating', '=', 5)
    .execute();
  expect(named).toEqual([
    {
      ...{ reviewed_on: '2026-03-02', source: 't', event_no: 'E1', channel: 'app', rating: 5 },
      ...{ sku: 'TEA-01', product_name: '龙井', category: '茶' },
    },
  ]);
});

test('a share led to an order when somebody else paid it and it stands', async () => {
  const [kept, cancelled, own] = [await order(1, 80), await order(2, 50, 'cancelled'), await order(0, 30)];
  await event({ kind: 'share', day: '2026-03-02', channel: 'app', order_id: kept });
  await event({ kind: 'share', day: '2026-03-02', channel: 'app', order_id: cancelled });
  await event({ kind: 'share', day: '2026-03-02', channel: 'app', order_id: own });
  await event({ kind: 'share', day: '2026-03-02', channel: 'app' });
  await event({ kind: 'share', day: '2026-03-03', customer: 2 });

  const shares = await t.db
    .selectFrom('report.shares')
    .select(['customer_no', 'led_to_order', 'order_amount'])
    .orderBy('event_id')
    .execute();
  expect(shares).toEqual([
    { customer_no: 'sharer', led_to_order: true, order_amount: '80.00' },
    { customer_no: 'sharer', led_to_order: false, order_amount: '0' },
    { customer_no: 'sharer', led_to_order: false, order_amount: '0' },
    { customer_no: 'sharer', led_to_order: false, order_amount: '0' },
    { customer_no: 'other', led_to_order: false, order_amount: '0' },
  ]);
  const days = await t.db.selectFrom('report.share_days').selectAll().orderBy('shared_on').execute();
  expect(days).toEqual([
    { shared_on: '2026-03-02', channel: 'app', share_count: 4, led_count: 1, order_amount: '80.00' },
    { shared_on: '2026-03-03', channel: 'unknown', share_count: 1, led_count: 0, order_amount: '0' },
  ]);
});

test('an order that is cancelled afterwards was not led to any more', async () => {
  await sql`update app.orders set status = 'cancelled' where amount = 80`.execute(t.owner);
  const { led } = await t.db
    .selectFrom('report.share_days')
    .select((row) => row.fn.sum<number>('led_count').as('led'))
    .executeTakeFirstOrThrow();
  expect(Number(led)).toBe(0);
});
