/** Products bought together, worked out by hand from a few orders. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

const DAY = '2026-03-01';
let t: TestDatabase;
const products = new Map<string, number>();
let orders = 0;

async function order(skus: readonly string[], { day = '2026-02-10', status = 'paid' } = {}): Promise<void> {
  const { customer_id, id } = await t.db
    .insertInto('app.orders')
    .values({
      ...{ customer_id: 0, source: 't', external_id: `${++orders}`, status, amount: 1 },
      ...{ placed_at: `${day}T04:00:00Z`, placed_on: day },
    })
    .returning(['customer_id', 'id'])
    .executeTakeFirstOrThrow();
  await t.db
    .insertInto('app.order_lines')
    .values(
      skus.map((sku, at) => ({
        ...{ customer_id, order_id: id, line_no: at + 1, sku, product_id: products.get(sku) ?? null },
        ...{ quantity: 1, unit_price: 1, amount: 1 },
      })),
    )
    .execute();
}
async function run(day = DAY): Promise<number> {
  const done = await runJob(jobDeps(t), 'product_pairs', day);
  expect(done).toMatchObject({ state: 'done', error: null });
  return done.rows_written;
}
const pairs = () =>
  t.db
    .selectFrom('report.product_pairs')
    .select(['sku', 'other_sku', 'basket_count', 'product_count', 'other_count', 'pair_count'])
    .orderBy('sku')
    .orderBy('other_sku')
    .execute();

beforeAll(async () => {
  t = await testDatabase();
  for (const external_id of ['bread', 'butter', 'tea', ...Array.from({ length: 51 }, (_, at) => `x${at}`)]) {
    const { id } = await t.db
      .insertInto('app.products')
      .values({ external_id, name: external_id })
      .returning('id')
      .executeTakeFirstOrThrow();
    products.set(external_id, id);
  }
  for (let at = 0; at < 6; at++) await order(['bread', 'butter']);
  for (let at = 0; at < 2; at++) await order(['bread']);
  for (let at = 0; at < 2; at++) await order(['butter']);
  for (let at = 0; at < 8; at++) await order(['tea']);
  // Twice in one order is in it once; four orders are too few for a pair.
  await order(['bread', 'bread', 'tea']);
  for (let at = 0; at < 3; at++) await order(['butter', 'tea']);
});
afterAll(() => t?.close());

test('support, confidence and lift of a pair, from either side', async () => {
  await run();
  // 22 orders; bread in 9, butter in 11, both in 6.
  expect(await pairs()).toEqual([
    { sku: 'bread', other_sku: 'butter', basket_count: 22, product_count: 9, other_count: 11, pair_count: 6 },
    { sku: 'butter', other_sku: 'bread', basket_count: 22, product_count: 11, other_count: 9, pair_count: 6 },
  ]);
  const [from_bread, from_butter] = await t.db
    .selectFrom('report.product_pairs')
    .select(['support_rate', 'confidence_rate', 'lift', 'lift_low'])
    .orderBy('sku')
    .execute();
  expect(Number(from_bread!.support_rate)).toBeCloseTo(6 / 22, 12);
  expect(Number(from_bread!.confidence_rate)).toBeCloseTo(6 / 9, 12);
  expect(Number(from_butter!.confidence_rate)).toBeCloseTo(6 / 11, 12);
  // (6/9) / (11/22), the same from both sides.
  expect(Number(from_bread!.lift)).toBeCloseTo(4 / 3, 12);
  expect(Number(from_butter!.lift)).toBeCloseTo(4 / 3, 12);
  // Wilson's lower end of 6 in 9 is 0.3542: less than one in two, so it may be chance.
  expect(Number(from_bread!.lift_low)).toBeCloseTo(0.3542 * 2, 3);
});

test('cancelled orders, unknown products, orders of everything and those before the window say nothing', async () => {
  const before = await pairs();
  await order(['bread', 'butter'], { status: 'cancelled' });
  await order(['bread', 'butter'], { day: '2025-11-30' });
  await order(['bread', 'butter'], { day: DAY });
  await order(['unknown']);
  await order(['bread', 'butter', ...[...products.keys()].filter((sku) => sku.startsWith('x'))]);
  expect(await run()).toBe(0);
  expect(await pairs()).toEqual(before);
  // Ninety days before the day is within it.
  await order(['bread', 'butter'], { day: '2025-12-01' });
  expect(await run()).toBe(1);
  expect((await pairs())[0]).toMatchObject({ basket_count: 23, product_count: 10, pair_count: 7 });
});

test('an earlier day changes nothing, a later one forgets what is no longer bought together', async () => {
  const before = await pairs();
  expect(await run('2026-02-01')).toBe(0);
  expect(await pairs()).toEqual(before);
  expect(await run('2026-08-01')).toBe(1);
  expect(await pairs()).toEqual([]);
});

test('what the job counts is what the orders hold', async () => {
  await sql`delete from app.product_pairs`.execute(t.owner);
  await run();
  const { rows } = await sql<{ both: string }>`
    select count(*)::text as both
    from app.orders
    where placed_on >= '2025-12-01' and placed_on < ${DAY} and status <> 'cancelled'
      and exists (select from app.order_lines where order_id = orders.id and sku = 'bread')
      and exists (select from app.order_lines where order_id = orders.id and sku = 'butter')
      and (select count(distinct sku) from app.order_lines where order_id = orders.id) <= 50
  `.execute(t.owner);
  expect((await pairs())[0]!.pair_count).toBe(Number(rows[0]!.both));
});
