/** What a promotion came to is counted from orders: of its goods in its time, or with its coupons. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
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

async function made(path: string, body: Row, status = 201): Promise<Row> {
  const answer = await ask('POST', `/api/${path}`, body);
  expect(answer.status, await answer.clone().text()).toBe(status);
  return (await answer.json()) as Row;
}

test('orders of its goods and time, those with its coupons, and what is due to a partner', async () => {
  const tea = await made('products', { external_id: 'TEA', name: '茶', category: '茶叶' });
  await made('products', { external_id: 'CUP', name: '杯', category: '器具' });
  const coupon = {
    code: 'shared',
    name: '联名券',
    name_en: 'Shared',
    kind: 'fixed',
    status: 'active',
    amount: '10.00',
  };
  const template = await made('coupon_templates', { ...coupon, distribution: 'claim', valid_for: 60 });
  await made('customers', { external_id: 'P-1' });
  const held = await made('v1/coupons/claim', { external_id: 'L-1', customer_external_id: 'P-1', template: 'shared' });
  const now = Date.now();
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  await sql`update app.coupons set claimed_at = ${at(-9)}, issued_at = ${at(-9)}, valid_from_at = ${at(-9)}`.execute(
    t.owner,
  );
  const order = (external_id: string, more: Row) =>
    made('v1/orders', { external_id, customer_external_id: 'P-1', ...more });
  const cup = { sku: 'CUP', quantity: 1, unit_price: '50.00' };
  const pot = { sku: 'TEA', quantity: 1, unit_price: '150.00' };
  await order('before', { placed_at: at(-8), lines: [pot] });
  await order('both', { placed_at: at(-5), lines: [cup, pot], discount_amount: '20.00', channel: 'store' });
  await order('other', { placed_at: at(-5), lines: [cup], discount_amount: '10.00', coupon_code: held.coupon! });
  await order('cancelled', { placed_at: at(-5), lines: [pot], status: 'cancelled' });
  await processFacts(app.deps, { until_at: at(1) });
  await followUp(app.deps, { at: at(0) });

  const promotion = (body: Row) =>
    made('promotions', {
      ...{ name: body.code!, name_en: body.code!, status: 'approved', starts_at: at(-6), ends_at: at(-1), ...body },
    });
  const told = async (id: unknown) => (await (await ask('GET', `/api/promotions/${id}`)).json()) as Row;
  const flash = await promotion({
    code: 'flash',
    kind: 'flash',
    scope: 'products',
    products: [tea.id!],
    discount_rate: '0.2',
    forecast_amount: '300.00',
  });
  expect(await told(flash.id)).toMatchObject({
    ...{ course: 'over', actual_orders: 1, actual_amount: '150.00', actual_discount: '15.00', attained: '0.5000' },
  });
  const online = await promotion({ code: 'online', kind: 'holiday', order_channels: ['online'], discount_rate: '0.1' });
  expect(await told(online.id)).toMatchObject({ actual_orders: 1, actual_amount: '50.00' });
  const partner = await promotion({
    ...{
      code: 'partner',
      kind: 'partner',
      counted_by: 'coupons',
      coupons: [template.id!],
      partner: '影院',
      settlement_price: '18.00',
    },
  });
  expect(await told(partner.id)).toMatchObject({
    ...{
      actual_orders: 1,
      actual_amount: '50.00',
      actual_discount: '10.00',
      actual_coupons: 1,
      settlement_amount: '18.00',
    },
  });
});

test.each([
  ['ends_at', { ends_at: '2026-01-01T00:00:00Z' }],
  ['partner', { kind: 'partner' }],
  ['products', { scope: 'products' }],
  ['coupons', { counted_by: 'coupons' }],
  ['discount_rate', { discount_rate: '1' }],
  ['kind', { kind: 'surprise' }],
])('%s is asked for, or refused, by its name', async (field, wrong) => {
  const answer = await ask('POST', '/api/promotions', {
    ...{
      code: 'x',
      name: 'x',
      name_en: 'x',
      kind: 'flash',
      starts_at: '2026-02-01T00:00:00Z',
      ends_at: '2026-02-02T00:00:00Z',
    },
    ...wrong,
  });
  expect(answer.status).toBe(422);
  expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toEqual([field]);
});
