import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.db
    .insertInto('app.orders')
    .values({
      customer_id: 0,
      source: 's',
      external_id: 'o1',
      placed_at: '2026-03-01 08:00:00.123456+00',
      placed_on: '2026-03-01',
      amount: '10.5',
    })
    .execute();
  await t.db
    .insertInto('app.order_lines')
    .values(
      [
        { order_id: 1, line_no: 2 },
        { order_id: 2, line_no: 1 },
        { order_id: 2, line_no: 99_999 },
        { order_id: 3, line_no: 1 },
      ].map((line) => ({ ...line, customer_id: 0, sku: 'x', quantity: 3, unit_price: '3.5', amount: '10.5' })),
    )
    .execute();
});
afterAll(() => t?.close());

describe('a record', () => {
  test('has one wire type per kind', async () => {
    const answer = await a.as('viewer')('GET', '/api/orders/1');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const order = (await answer.json()) as Row;
    expect(order).toMatchObject({
      placed_at: '2026-03-01T08:00:00.123Z',
      placed_on: '2026-03-01',
      amount: '10.50',
      paid_at: null,
    });
    const [listed] = (await (await a.as('viewer')('GET', '/api/orders')).json()) as Row[];
    expect(listed).toEqual(order);
  });

  test('says the names of what it refers to when asked', async () => {
    const order = (await (await a.as('viewer')('GET', '/api/order_lines/100002?_labels=1')).json()) as Row;
    expect(order.$labels).toEqual({ order_id: 'o1', customer_id: '(anonymous)', product_id: null });
  });

  test('that is a line of an order is found by its own id and by its order', async () => {
    expect(await (await a.as('viewer')('GET', '/api/order_lines/100002')).json()).toMatchObject({
      order_id: 1,
      line_no: 2,
      unit_price: '3.5000',
    });
    expect(await (await a.as('viewer')('GET', '/api/order_lines?order_id=1')).json()).toHaveLength(1);
    expect((await a.as('viewer')('GET', '/api/order_lines/100003')).status).toBe(404);
  });

  test('lines are listed in the order of their ids, page by page, and by ids', async () => {
    const ids = async (query: string) => {
      const answer = await a.as('viewer')('GET', `/api/order_lines?${query}`);
      expect(answer.status, await answer.clone().text()).toBe(200);
      return { ids: ((await answer.json()) as Row[]).map(({ id }) => id), next: answer.headers.get('x-next-cursor') };
    };
    const all = [100002, 200001, 299999, 300001];
    expect((await ids('')).ids).toEqual(all);
    const first = await ids('_sort=id&_order=desc&_after=&_end=2');
    expect(first.ids).toEqual([300001, 299999]);
    expect((await ids(`_sort=id&_order=desc&_after=${first.next}&_end=2`)).ids).toEqual([200001, 100002]);
    expect((await ids('id=299999')).ids).toEqual([299999]);
    expect((await ids('id=300001&id=200001&id=7')).ids).toEqual([200001, 300001]);
    expect((await ids('id_gt=200001')).ids).toEqual([299999, 300001]);
  });

  test.each([
    ['/api/tiers/abc', 400],
    ['/api/tiers/1e999', 400],
    ['/api/tiers/9223372036854775808', 400],
    ['/api/tiers/9007199254740993', 400],
    ['/api/tiers/-1', 400],
    ['/api/tiers/1.5', 400],
    ['/api/tiers/%00', 400],
    ['/api/tiers/0x10', 400],
    ['/api/tiers/9007199254740991', 404],
    ['/api/tiers/1?x=1', 400],
    ['/api/tiers/1?_labels=maybe', 400],
    ['/api/tires/1', 404],
    ['/api/tires', 404],
    ['/api/constructor', 404],
    ['/api/__proto__/1', 404],
    ['/api/tiers/1/2/3', 404],
    ['/api/%E0%A4%A', 404],
  ])('%s is a %i with a sentence', async (path, status) => {
    for (const lang of ['zh', 'en']) {
      await t.db.updateTable('app.users').set({ lang }).where('id', '=', a.id('viewer')).execute();
      const answer = await a.as('reviewer')('GET', path);
      const error = (await answer.json()) as ApiError;
      expect(answer.status, JSON.stringify(error)).toBe(status);
      expect(error.message.length).toBeGreaterThan(3);
      expect(error.request_id).toBe(answer.headers.get('x-request-id'));
    }
  });

  test('is not to be had by methods that mean nothing', async () => {
    expect((await a.as('operator')('PUT', '/api/tiers/1', {})).status).toBe(405);
    expect((await a.as('operator')('POST', '/api/tiers/1', {})).status).toBe(405);
    expect((await a.as('operator')('DELETE', '/api/tiers')).status).toBe(405);
  });
});
