import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
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

let next = 0;
function order(changes: { [field: string]: unknown } = {}) {
  next++;
  return {
    external_id: `O-${next}`,
    customer_external_id: `C-${next}`,
    placed_at: '2026-03-01T10:00:00+08:00',
    lines: [
      { sku: 'tea', quantity: 2, unit_price: '10.005' },
      { sku: 'cup', quantity: 1, unit_price: 30 },
    ],
    ...changes,
  };
}

async function send(path: string, body: unknown, as = ask) {
  const response = await as('POST', `/api/v1/${path}`, body);
  return { status: response.status, body: (await response.json()) as Row };
}

function stored(id: unknown) {
  return t.db
    .selectFrom('app.orders')
    .selectAll()
    .where('id', '=', id as number)
    .executeTakeFirstOrThrow();
}

test('an order is accepted with its lines rounded one by one, and its day is the programme’s', async () => {
  const answer = await send('orders', order({ placed_at: '2026-02-28T23:30:00Z', discount_amount: '0.01' }));
  expect(answer.status).toBe(201);
  const row = await stored(answer.body.id);
  expect(row).toMatchObject({ amount: '50.00', placed_on: '2026-03-01', status: 'paid', source: 'api' });
  const lines = await t.db
    .selectFrom('app.order_lines')
    .selectAll()
    .where('order_id', '=', row.id)
    .orderBy('line_no')
    .execute();
  expect(lines.map((line) => [line.line_no, line.sku, line.amount])).toEqual([
    [1, 'tea', '20.01'],
    [2, 'cup', '30.00'],
  ]);
});

test('a time without an offset is read in the programme’s zone', async () => {
  const { body } = await send('orders', order({ placed_at: '2026-03-01 00:30:00' }));
  expect(await stored(body.id)).toMatchObject({ placed_on: '2026-03-01' });
  expect(new Date((await stored(body.id)).placed_at).toISOString()).toBe('2026-02-28T16:30:00.000Z');
});

test('a replay gives the first id and changes nothing, also when it says something else', async () => {
  const first = order();
  const accepted = await send('orders', first);
  const before = await stored(accepted.body.id);
  expect(await send('orders', first)).toEqual({
    status: 200,
    body: { external_id: first.external_id, status: 'replayed', id: accepted.body.id },
  });
  const other = await send('orders', {
    ...first,
    customer_external_id: 'somebody-new',
    lines: [{ sku: 'x', quantity: 1, unit_price: 1 }],
  });
  expect(other).toMatchObject({ status: 200, body: { status: 'replayed', id: accepted.body.id, differs: true } });
  expect(await stored(accepted.body.id)).toEqual(before);
  expect(
    await t.db.selectFrom('app.customers').select('id').where('external_id', '=', 'somebody-new').execute(),
  ).toEqual([]);
});

test('status moves on, never back, and says when', async () => {
  const first = order({ status: 'placed' });
  const { body } = await send('orders', first);
  await send('orders', { ...first, status: 'completed', completed_at: '2026-03-03T00:00:00Z' });
  const paid = await send('orders', { ...first, status: 'paid', paid_at: '2026-03-02T00:00:00Z' });
  expect(paid.body).toMatchObject({ status: 'replayed', advanced: true });
  expect(paid.body.differs).toBeUndefined();
  const row = await stored(body.id);
  expect(row.status).toBe('completed');
  expect(new Date(row.paid_at!).toISOString()).toBe('2026-03-02T00:00:00.000Z');
  await send('orders', { ...first, status: 'cancelled' });
  await send('orders', { ...first, status: 'paid' });
  expect((await stored(body.id)).status).toBe('cancelled');
});

test('an order without a buyer belongs to the anonymous customer', async () => {
  const { body } = await send('orders', order({ customer_external_id: null }));
  expect((await stored(body.id)).customer_id).toBe(0);
});

test('what is wrong is named down to the line', async () => {
  const { status, body } = await send('orders', {
    external_id: ' ',
    placed_at: 'yesterday',
    status: 'payed',
    colour: 'red',
    discount_amount: '-1',
    lines: [
      { sku: 'tea', quantity: 1, unit_price: '1' },
      { sku: 'tea', quantity: -2, unit_price: '1' },
      { sku: '', quantity: 'three', unit_price: Number.MAX_VALUE },
      { sku: 'tea', quantity: 1 },
    ],
  });
  expect(status).toBe(422);
  const errors = (body as unknown as ApiError).errors!;
  expect(Object.fromEntries(Object.entries(errors).map(([path, { key }]) => [path, key]))).toEqual({
    external_id: 'required',
    placed_at: 'not_a_time',
    status: 'not_a_choice_meant',
    colour: 'unknown_field',
    discount_amount: 'too_small',
    'lines.1.quantity': 'too_small',
    'lines.2.sku': 'required',
    'lines.2.quantity': 'not_an_integer',
    'lines.2.unit_price': 'not_a_number',
  });
});

test.each([
  ['nothing', {}, 'external_id'],
  ['no lines', { lines: [] }, 'lines'],
  ['lines that are no list', { lines: 'tea' }, 'lines'],
  [
    'more lines than an order may have',
    { lines: new Array(10_001).fill({ sku: 'a', quantity: 1, unit_price: 1 }) },
    'lines',
  ],
  ['a line without a price', { lines: [{ sku: 'a', quantity: 1 }] }, 'lines.0.unit_price'],
  [
    'a number beyond all numbers',
    { lines: [{ sku: 'a', quantity: 1, unit_price: '9'.repeat(50) }] },
    'lines.0.unit_price',
  ],
  [
    'an order worth more than money can say',
    { lines: [{ sku: 'a', quantity: 1_000_000_000, unit_price: '9999999999' }] },
    'lines',
  ],
  ['a discount above the sum', { discount_amount: '50.02' }, 'discount_amount'],
  ['a time in the year 9999', { placed_at: '9999-12-31T23:59:59Z' }, 'placed_at'],
  ['a time as a number', { placed_at: 1_700_000_000 }, 'placed_at'],
  ['a source with spaces', { source: 'my shop' }, 'source'],
])('refuses %s, and stores nothing', async (_, changes, field) => {
  const before = await t.db
    .selectFrom('app.fact_keys')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  const body = Object.keys(changes).length === 0 ? {} : order(changes);
  const answer = await send('orders', body);
  expect(answer.status).toBe(422);
  expect(Object.keys((answer.body as unknown as ApiError).errors!)).toContain(field);
  expect(
    await t.db
      .selectFrom('app.fact_keys')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirst(),
  ).toEqual(before);
});

test('an id in any script counts as it is written', async () => {
  const ids = ['订单№1 😀', 'é', 'e\u0301', 'E', 'e'];
  const answers = await Promise.all(ids.map((external_id) => send('orders', order({ external_id }))));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
});

test('a batch answers each item in place, and one wrong item keeps nobody out', async () => {
  const good = order();
  const { status, body } = await send('orders', [
    good,
    order({ lines: [] }),
    7,
    good,
    order({ discount_amount: 1000 }),
    order({ source: 'pos' }),
  ]);
  expect(status).toBe(200);
  const results = (
    body as unknown as { results: { code: number; status: string; id: number | null; errors?: object }[] }
  ).results;
  expect(results.map(({ code, status }) => [code, status])).toEqual([
    [201, 'accepted'],
    [422, 'rejected'],
    [422, 'rejected'],
    [200, 'replayed'],
    [422, 'rejected'],
    [201, 'accepted'],
  ]);
  expect(results[3]!.id).toBe(results[0]!.id);
  expect(Object.keys(results[4]!.errors!)).toEqual(['discount_amount']);
});

test('one order sent twice in a batch takes its furthest status', async () => {
  const first = order({ status: 'placed' });
  const { body } = await send('orders', [first, { ...first, status: 'paid' }]);
  const results = (body as unknown as { results: Row[] }).results;
  expect(results.map((each) => each.status)).toEqual(['accepted', 'replayed']);
  expect((await stored(results[0]!.id)).status).toBe('paid');
});

test('a batch holds 1 to 1,000', async () => {
  expect((await send('orders', [])).status).toBe(422);
  expect((await send('orders', new Array(1001).fill(1))).status).toBe(422);
});

test('the same order of another source is another order', async () => {
  const first = order({ source: 'shop_a' });
  const a = await send('orders', first);
  const b = await send('orders', { ...first, source: 'shop_b' });
  expect([a.status, b.status]).toEqual([201, 201]);
});

test('only operators and administrators may send facts', async () => {
  expect((await send('orders', order(), app.as('viewer'))).status).toBe(403);
  expect((await send('orders', order(), app.as('administrator'))).status).toBe(201);
  expect((await send('orders', order(), app.anyone)).status).toBe(401);
});
