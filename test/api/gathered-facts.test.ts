/** Facts that are sent one by one at the same time are accepted together; nobody notices, but by the clock. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gathering } from '../../api/gathering.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
let ask: Ask;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  ask = app.as('operator');
});
afterAll(() => t?.close());

const order = (external_id: string, changes: object = {}) => ({
  ...{ external_id, customer_external_id: `C-${external_id}`, placed_at: '2026-03-01T10:00:00+08:00' },
  lines: [{ sku: 'tea', quantity: 1, unit_price: '10.00' }],
  ...changes,
});

async function send(body: object): Promise<{ status: number; body: { [name: string]: unknown } }> {
  const response = await ask('POST', '/api/v1/orders', body);
  return { status: response.status, body: (await response.json()) as { [name: string]: unknown } };
}

async function storedOf(prefix: string): Promise<{ external_id: string; source: string; amount: string }[]> {
  return t.db
    .selectFrom('app.orders')
    .select(['external_id', 'source', 'amount'])
    .where('external_id', 'like', `${prefix}%`)
    .orderBy('external_id')
    .orderBy('source')
    .execute();
}

test('each of ninety-six at once is told of its own, whatever the others are', async () => {
  const all = Array.from({ length: 96 }, (_, at) => {
    const price = [{ sku: 'tea', quantity: 1, unit_price: `${at + 1}.00` }];
    if (at % 4 === 1) return order(`N-${at}`, { lines: price, source: 'pos' });
    // Once more what another sends at this moment.
    if (at % 4 === 2) return order(`N-${at - 2}`, { lines: [{ sku: 'tea', quantity: 1, unit_price: `${at - 1}.00` }] });
    if (at % 4 === 3) return order(`N-${at}`, { placed_at: 'soon' });
    return order(`N-${at}`, { lines: price });
  });
  const answers = await Promise.all(all.map(send));
  for (const [at, { status, body }] of answers.entries()) {
    if (at % 4 === 3) expect([status, Object.keys(body.errors as object)]).toEqual([422, ['placed_at']]);
    else expect([at, body.external_id]).toEqual([at, all[at]!.external_id]);
    if (at % 4 === 1) expect(status).toBe(201);
    // Of two with one number one is new.
    if (at % 4 === 2) expect([status, answers[at - 2]!.status].toSorted()).toEqual([200, 201]);
  }
  const stored = await storedOf('N-');
  expect(stored).toHaveLength(48);
  for (const { external_id, amount } of stored) expect(amount).toBe(`${Number(external_id.slice(2)) + 1}.00`);
  const ids = new Map(answers.map(({ body }) => [body.id, body.external_id]));
  expect(ids.size).toBe(49);
  expect(new Set(stored.map(({ source }) => source))).toEqual(new Set(['api', 'pos']));
});

test('what the database refuses of one is told to that one', async () => {
  await sql`
    create function public.refuse_boom() returns trigger language plpgsql as $$
    begin
      if new.external_id = 'B-7' then raise exception 'boom'; end if;
      return new;
    end $$
  `.execute(t.owner);
  await sql`
    create trigger refuse_boom before insert on app.orders for each row execute function public.refuse_boom()
  `.execute(t.owner);
  const answers = await Promise.all(Array.from({ length: 16 }, (_, at) => send(order(`B-${at}`))));
  await sql`drop trigger refuse_boom on app.orders`.execute(t.owner);
  await sql`drop function public.refuse_boom()`.execute(t.owner);
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, (_, at) => (at === 7 ? 500 : 201)));
  expect(await storedOf('B-')).toHaveLength(15);
});

test('nobody waits who comes alone; what comes while two are under way goes together', async () => {
  const runs: number[][] = [];
  const open: (() => void)[] = [];
  const one = gathering(async (items: readonly number[]) => {
    runs.push([...items]);
    await new Promise<void>((resolve) => open.push(resolve));
    return items.map((item) => item * 2);
  });
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const first = one(1);
  await turn();
  const second = one(2);
  await turn();
  const later = [one(3), one(4), one(5)];
  await turn();
  expect(runs).toEqual([[1], [2]]);
  for (const resolve of open.splice(0)) resolve();
  expect(await Promise.all([first, second])).toEqual([2, 4]);
  await turn();
  expect(runs).toEqual([[1], [2], [3, 4, 5]]);
  for (const resolve of open.splice(0)) resolve();
  expect(await Promise.all(later)).toEqual([6, 8, 10]);
});
