import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { type Ask, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let ask: Ask;
beforeAll(async () => {
  t = await testDatabase();
  ask = (await testApp(t)).as('operator');
});
afterAll(() => t?.close());

async function send(path: 'orders' | 'returns', body: unknown) {
  const response = await ask('POST', `/api/v1/${path}`, body);
  const answer = (await response.json()) as Row;
  const errors = (answer as unknown as ApiError).errors ?? {};
  return {
    status: response.status,
    body: answer,
    errors: Object.fromEntries(Object.entries(errors).map(([f, { key }]) => [f, key])),
  };
}

let next = 0;
/** 100.00 in all: three cups for 30.00 and a pot for 80.00, less 10.00. */
function order(changes: { [field: string]: unknown } = {}) {
  next++;
  return {
    external_id: `O-${next}`,
    customer_external_id: `C-${next}`,
    placed_at: '2026-03-01T10:00:00+08:00',
    discount_amount: '10.00',
    lines: [
      { sku: 'cup', quantity: 3, unit_price: '10' },
      { sku: 'pot', quantity: 1, unit_price: '80' },
    ],
    ...changes,
  };
}
function back(order_external_id: string | null, changes: { [field: string]: unknown } = {}) {
  next++;
  return { external_id: `R-${next}`, order_external_id, returned_at: '2026-03-05T10:00:00+08:00', ...changes };
}
async function returned(external_id: string) {
  const row = await t.db
    .selectFrom('app.orders')
    .select('returned_amount')
    .where('external_id', '=', external_id)
    .executeTakeFirstOrThrow();
  return row.returned_amount;
}

test('a whole order comes back, once', async () => {
  const bought = order();
  await send('orders', bought);
  const whole = back(bought.external_id);
  expect(await send('returns', whole)).toMatchObject({ status: 201, body: { status: 'accepted', amount: '100.00' } });
  expect(await send('returns', whole)).toMatchObject({ status: 200, body: { status: 'replayed' } });
  expect(await send('returns', back(bought.external_id))).toMatchObject({
    status: 422,
    errors: { order_external_id: 'nothing_left' },
  });
  expect(await returned(bought.external_id)).toBe('100.00');
});

test('pieces of a line give back their share of what was paid, the last one the remainder', async () => {
  const bought = order();
  await send('orders', bought);
  const piece = () => send('returns', back(bought.external_id, { line_no: 1, quantity: 1 }));
  const amounts = [await piece(), await piece(), await piece()].map(({ body }) => body.amount);
  // 30.00 of 110.00 is 27.27 of the 100.00 paid.
  expect(amounts).toEqual(['9.09', '9.09', '9.09']);
  expect(await piece()).toMatchObject({ status: 422, errors: { quantity: 'quantity_exceeds' } });
  expect(await send('returns', back(bought.external_id, { sku: 'pot' }))).toMatchObject({
    status: 201,
    body: { amount: '72.73' },
  });
  expect(await returned(bought.external_id)).toBe('100.00');
});

test('the remainder of a cent goes to the last piece', async () => {
  const bought = order({ discount_amount: 0, lines: [{ sku: 'a', quantity: 3, amount: '10.00' }] });
  await send('orders', bought);
  const amounts = [];
  for (let piece = 0; piece < 3; piece++)
    amounts.push((await send('returns', back(bought.external_id, { sku: 'a', quantity: 1 }))).body.amount);
  expect(amounts).toEqual(['3.33', '3.33', '3.34']);
});

test('an amount comes back, never more than was paid', async () => {
  const bought = order();
  await send('orders', bought);
  expect(await send('returns', back(bought.external_id, { amount: '99.99' }))).toMatchObject({ status: 201 });
  const more = await send('returns', back(bought.external_id, { amount: '0.02' }));
  expect(more).toMatchObject({ status: 422, errors: { amount: 'amount_exceeds' } });
  expect((more.body as unknown as ApiError).errors!.amount!.params).toMatchObject({ left: '0.01' });
  expect(await send('returns', back(bought.external_id, { amount: '0.01' }))).toMatchObject({ status: 201 });
});

test('a refused return may be corrected and sent again under its number', async () => {
  const bought = order();
  await send('orders', bought);
  const wrong = back(bought.external_id, { amount: '100.01' });
  expect((await send('returns', wrong)).status).toBe(422);
  expect((await send('returns', { ...wrong, amount: '100.00' })).status).toBe(201);
});

describe('a return before its order', () => {
  test('waits, and is applied under the id it was given when the order comes', async () => {
    const bought = order();
    const early = back(bought.external_id, { sku: 'pot' });
    const waiting = await send('returns', early);
    expect(waiting).toMatchObject({ status: 202, body: { status: 'waiting_for_order' } });
    expect(await send('returns', early)).toMatchObject({
      status: 200,
      body: { status: 'replayed', id: waiting.body.id },
    });
    await send('orders', bought);
    expect(await returned(bought.external_id)).toBe('72.73');
    const row = await t.db
      .selectFrom('app.returns')
      .select(['amount', 'returned_on', 'line_no'])
      .where('id', '=', waiting.body.id as number)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ amount: '72.73', returned_on: '2026-03-05' });
    expect(await t.db.selectFrom('app.waiting_returns').selectAll().execute()).toEqual([]);
    expect(await send('returns', early)).toMatchObject({ status: 200, body: { id: waiting.body.id } });
  });

  test('that does not fit stays visible with its reason', async () => {
    const bought = order();
    const early = back(bought.external_id, { amount: '100.01' });
    await send('returns', early);
    await send('orders', bought);
    const kept = await t.db
      .selectFrom('app.waiting_returns')
      .select('refusal')
      .where('external_id', '=', early.external_id)
      .executeTakeFirstOrThrow();
    expect(kept.refusal).toBe('amount_exceeds');
    expect(await returned(bought.external_id)).toBe('0.00');
  });

  test('of another customer does not become part of the order', async () => {
    const bought = order();
    const early = back(bought.external_id, { amount: '1.00', customer_external_id: 'somebody else' });
    await send('returns', early);
    await send('orders', bought);
    expect(await returned(bought.external_id)).toBe('0.00');
  });
});

test('a return without an order counts for its customer on its day', async () => {
  const lone = back(null, { customer_external_id: 'lone', amount: '12.00', returned_at: '2026-03-09T20:00:00Z' });
  const { status, body } = await send('returns', lone);
  expect(status).toBe(201);
  const row = await t.db
    .selectFrom('app.returns')
    .selectAll()
    .where('id', '=', body.id as number)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ order_id: null, amount: '12.00', returned_on: '2026-03-10' });
});

test.each([
  ['neither order nor customer', back(null, { amount: 1 }), { order_external_id: 'what_is_returned' }],
  ['no amount where no order is named', back(null, { customer_external_id: 'x' }), { amount: 'amount_required' }],
  ['a quantity of nothing in particular', back('O', { quantity: 1 }), { sku: 'return_line_needed' }],
  [
    'a line of no order',
    back(null, { customer_external_id: 'x', line_no: 1 }),
    { order_external_id: 'return_order_needed' },
  ],
])('refuses %s', async (_, body, errors) => {
  expect(await send('returns', body)).toMatchObject({ status: 422, errors });
});

test('refuses a line that the order does not have, and a customer who is not its own', async () => {
  const bought = order();
  await send('orders', bought);
  expect(await send('returns', back(bought.external_id, { sku: 'kettle' }))).toMatchObject({
    status: 422,
    errors: { sku: 'line_unknown' },
  });
  expect(await send('returns', back(bought.external_id, { customer_external_id: 'C' }))).toMatchObject({
    status: 422,
    errors: { customer_external_id: 'customer_differs' },
  });
});

test('several returns of one order in a batch share what is left of it', async () => {
  const bought = order();
  await send('orders', bought);
  const twice = back(bought.external_id, { amount: '60.00' });
  const { body } = await send('returns', [
    twice,
    back(bought.external_id, { amount: '60.00' }),
    twice,
    back(bought.external_id),
  ]);
  const results = (body as unknown as { results: Row[] }).results;
  expect(results.map((each) => [each.status, each.amount])).toEqual([
    ['accepted', '60.00'],
    ['rejected', undefined],
    ['replayed', undefined],
    ['accepted', '40.00'],
  ]);
});

test('names the days whose figures change', async () => {
  const bought = order({ placed_at: '2025-01-05T00:00:00Z' });
  await send('orders', bought);
  await t.owner.deleteFrom('app.dirty_days').execute();
  await send('returns', back(bought.external_id, { amount: 1, returned_at: '2025-02-06T00:00:00Z' }));
  const days = await t.db.selectFrom('app.dirty_days').select(['fact_table', 'day']).orderBy('day').execute();
  expect(days).toEqual([
    { fact_table: 'orders', day: '2025-01-05' },
    { fact_table: 'returns', day: '2025-02-06' },
  ]);
});
