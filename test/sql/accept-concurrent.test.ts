/** Facts from many clients at once, over connections of their own: each counts exactly once, and nobody deadlocks. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

const CLIENTS = 32;

let t: TestDatabase;
let clients: pg.Client[];
beforeAll(async () => {
  t = await testDatabase();
  clients = await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      // The app login's rights, not the owner's.
      const client = new pg.Client(t.pool.options);
      await client.connect();
      return client;
    }),
  );
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await t?.close();
});

interface Answer {
  external_id: string;
  status: string;
  id: number;
}

async function accept(client: pg.Client, kind: 'orders' | 'returns', facts: object[]): Promise<Answer[]> {
  const { rows } = await client.query<{ answers: Answer[] }>(`select ops.accept_${kind}_json('shop', $1) as answers`, [
    JSON.stringify(facts),
  ]);
  return rows[0]!.answers;
}

function order(name: string, customer: string) {
  const lines = [{ sku: 'a', quantity: 1, unit_price: '100.00' }];
  return {
    external_id: name,
    customer_external_id: customer,
    channel: 'online',
    status: 'paid',
    placed_at: '2026-03-01T00:00:00Z',
    lines,
  };
}

test('32 clients send the same and different orders: each is stored once, everybody gets its id', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `order-${at}`);
  const answers = await Promise.all(
    clients.map((client, at) => {
      // Everybody in an order of their own, some customers shared, all of them new.
      const own = [...names.slice(at), ...names.slice(0, at), `own-${at}`];
      return accept(
        client,
        'orders',
        own.map((name) => order(name, `customer-${name.length}-${name.at(-1)}`)),
      );
    }),
  );
  const all = answers.flat();
  expect(all.filter(({ status }) => status === 'accepted')).toHaveLength(40 + CLIENTS);
  expect(all.filter(({ status }) => status === 'replayed')).toHaveLength(CLIENTS * 41 - 40 - CLIENTS);
  for (const name of names)
    expect(new Set(all.filter((each) => each.external_id === name).map(({ id }) => id)).size).toBe(1);
  const stored = await t.db
    .selectFrom('app.orders')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(stored.count).toBe(40 + CLIENTS);
  const lines = await t.db
    .selectFrom('app.order_lines')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(lines.count).toBe(40 + CLIENTS);
});

test('32 clients return the same order: exactly what was paid comes back', async () => {
  await accept(clients[0]!, 'orders', [order('returned', 'r')]);
  const answers = await Promise.all(
    clients.map((client, at) =>
      accept(client, 'returns', [
        {
          external_id: `part-${at}`,
          order_external_id: 'returned',
          amount: '9.00',
          returned_at: '2026-03-02T00:00:00Z',
        },
      ]),
    ),
  );
  expect(answers.flat().filter(({ status }) => status === 'accepted')).toHaveLength(11);
  const row = await t.db
    .selectFrom('app.orders')
    .select('returned_amount')
    .where('external_id', '=', 'returned')
    .executeTakeFirstOrThrow();
  expect(row.returned_amount).toBe('99.00');
});

test('orders and their returns at the same moment find each other, whoever is first', async () => {
  const pairs = Array.from({ length: 48 }, (_, at) => `pair-${at}`);
  await Promise.all(
    clients.map(async (client, at) => {
      const mine = pairs.filter((_, index) => index % (CLIENTS / 2) === at % (CLIENTS / 2));
      if (at % 2 === 0)
        await accept(
          client,
          'orders',
          mine.map((name) => order(name, 'pairs')),
        );
      else {
        const returns = mine.map((name) => ({
          external_id: `r-${name}`,
          order_external_id: name,
          returned_at: '2026-03-02T00:00:00Z',
        }));
        await accept(client, 'returns', returns);
      }
    }),
  );
  // Even and odd clients share a remainder only with themselves; what is missing on either side is sent now.
  for (const name of pairs) {
    await accept(clients[0]!, 'orders', [order(name, 'pairs')]);
    await accept(clients[1]!, 'returns', [
      { external_id: `r-${name}`, order_external_id: name, returned_at: '2026-03-02T00:00:00Z' },
    ]);
  }
  const open = await t.db
    .selectFrom('app.orders')
    .select('external_id')
    .where('external_id', 'like', 'pair-%')
    .where('returned_amount', '<>', '100.00')
    .execute();
  expect(open).toEqual([]);
  expect(await t.db.selectFrom('app.waiting_returns').selectAll().execute()).toEqual([]);
});

test('a return waits for an order that is just coming in', async () => {
  const [a, b] = clients as [pg.Client, pg.Client];
  await a.query('begin');
  await accept(a, 'orders', [order('just-now', 'j')]);
  const later = accept(b, 'returns', [
    { external_id: 'r-just-now', order_external_id: 'just-now', returned_at: '2026-03-02T00:00:00Z' },
  ]);
  await new Promise((done) => setTimeout(done, 50));
  await a.query('commit');
  expect(await later).toMatchObject([{ status: 'accepted' }]);
});

test('no line is without its order, and deleting orders deletes their lines', async () => {
  const lines = (deleted: string) =>
    t.db
      .selectFrom('app.order_lines as line')
      .leftJoin('app.orders as order', (join) =>
        join.onRef('order.customer_id', '=', 'line.customer_id').onRef('order.id', '=', 'line.order_id'),
      )
      .select((row) => [
        row.fn.countAll<number>().as('lines'),
        row.fn.countAll<number>().filterWhere('order.id', 'is', null).as('orphans'),
        row.fn.countAll<number>().filterWhere('order.external_id', '=', deleted).as('of_deleted'),
      ])
      .executeTakeFirstOrThrow();
  const before = await lines('returned-2');
  await accept(clients[0]!, 'orders', [order('returned-2', 'r')]);
  expect(await lines('returned-2')).toEqual({ lines: before.lines + 1, orphans: 0, of_deleted: 1 });
  await t.owner.deleteFrom('app.orders').where('external_id', '=', 'returned-2').execute();
  expect(await lines('returned-2')).toEqual({ lines: before.lines, orphans: 0, of_deleted: 0 });
});

test('nothing is left between request and table', async () => {
  for (const table of ['app.import_order_lines', 'app.import_orders', 'app.import_returns'] as const) {
    expect(
      await t.db
        .selectFrom(table)
        .select((row) => row.fn.countAll<number>().as('count'))
        .executeTakeFirst(),
    ).toEqual({ count: 0 });
  }
});
