/** Lines of orders and the products they sell, whichever comes first. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

async function sell(order: string, ...skus: string[]): Promise<void> {
  const lines = skus.map((sku) => ({ sku, quantity: 1, unit_price: '1' }));
  const body = [
    {
      external_id: order,
      channel: 'online',
      status: 'paid',
      placed_at: '2026-03-01T00:00:00Z',
      discount_amount: '0',
      lines,
    },
  ];
  await sql`select ops.accept_orders_json('shop', ${JSON.stringify(body)}::jsonb)`.execute(t.db);
}

async function add(...codes: string[]): Promise<void> {
  await t.db
    .insertInto('app.products')
    .values(codes.map((external_id) => ({ external_id, name: external_id })))
    .execute();
}

/** The product's code each line found, by its own. */
async function found(): Promise<(string | null)[][]> {
  const rows = await t.db
    .selectFrom('app.order_lines as line')
    .leftJoin('app.products as product', 'product.id', 'line.product_id')
    .select(['line.sku', 'product.external_id'])
    .orderBy('line.sku')
    .orderBy('line.order_id')
    .execute();
  return rows.map(({ sku, external_id }) => [sku, external_id]);
}

test('a product that comes after its lines is found by them, many at once; lines that have one keep it', async () => {
  await add('known');
  await sell('1', 'known', 'late-1', 'late-2', 'never');
  await sell('2', 'late-1');
  expect(await found()).toEqual([
    ['known', 'known'],
    ['late-1', null],
    ['late-1', null],
    ['late-2', null],
    ['never', null],
  ]);
  await add('late-1', 'late-2', 'unsold');
  expect(await found()).toEqual([
    ['known', 'known'],
    ['late-1', 'late-1'],
    ['late-1', 'late-1'],
    ['late-2', 'late-2'],
    ['never', null],
  ]);
});

test('the job finds products that were given another code, and finds nothing twice', async () => {
  await t.db.updateTable('app.products').set({ external_id: 'never' }).where('external_id', '=', 'unsold').execute();
  const link = async () =>
    (await sql<{ linked: number }>`select ops.link_order_lines('2026-03-02') as linked`.execute(t.db)).rows[0]!.linked;
  expect(await link()).toBe(1);
  expect((await found()).at(-1)).toEqual(['never', 'never']);
  expect(await link()).toBe(0);
});
