/** Coupons that come of something else: points, benefits, events; and go with it. */
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

let number = 0;
async function made(resource: string, body: Row): Promise<number> {
  const answer = await ask('POST', `/api/${resource}`, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
const template = (settings: Row = {}) => {
  const code = `cs_${++number}`;
  return made('coupon_templates', {
    ...{
      code,
      name: code,
      name_en: code,
      kind: 'fixed',
      status: 'active',
      amount: '10.00',
      valid_for: 30,
      ...settings,
    },
  });
};
async function customer(points = 0): Promise<{ id: number; code: string }> {
  const code = `S-${++number}`;
  const id = await made('customers', { external_id: code });
  if (points > 0) await ask('POST', `/api/customers/${id}/_actions/adjust_points`, { points, reason: 'test' });
  return { id, code };
}
async function coupons(of: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select source, status, code from app.coupons where customer_id = ${of} order by id`.execute(t.db);
  return rows;
}
const v1 = async (path: string, body: Row = {}) => {
  const answer = await ask('POST', `/api/v1/${path}`, body);
  return { status: answer.status, body: (await answer.json()) as Row };
};

test('a reward of kind coupon gives as many as were redeemed when it is confirmed, and takes them back when it is cancelled', async () => {
  const coupon_template_id = await template({ per_customer_limit: 2 });
  const who = await customer(1_000);
  const reward = {
    code: `rw_${++number}`,
    name: '券',
    name_en: 'Coupon',
    kind: 'coupon',
    status: 'active',
    points: 10,
  };
  const reward_id = await made('rewards', { ...reward, coupon_template_id, max_quantity: 5 });
  const redeem = (quantity: number) =>
    v1('redemptions', { external_id: `X-${++number}`, customer_external_id: who.code, reward: reward.code, quantity });
  const held = await redeem(2);
  expect(await coupons(who.id)).toEqual([]);
  expect((await v1(`redemptions/${held.body.id}/confirm`)).status).toBe(200);
  expect((await v1(`redemptions/${held.body.id}/confirm`)).body.answer).toBe('replayed');
  expect(await coupons(who.id)).toMatchObject(Array(2).fill({ source: `reward:${reward_id}`, status: 'claimed' }));
  // What cannot be given costs no points.
  const more = await redeem(1);
  expect(await v1(`redemptions/${more.body.id}/confirm`)).toMatchObject({
    status: 422,
    body: { errors: { reward: { key: 'customer_limit_reached' } } },
  });
  expect((await v1(`redemptions/${more.body.id}/cancel`)).body).toMatchObject({ balance: 980 });
  expect((await v1(`redemptions/${held.body.id}/cancel`)).body).toMatchObject({ balance: 1_000 });
  expect((await coupons(who.id)).map(({ status }) => status)).toEqual(['void', 'void']);
});

test('a coupon that is used keeps its redemption', async () => {
  const coupon_template_id = await template();
  const who = await customer(100);
  const code = `rw_${++number}`;
  await made('rewards', {
    code,
    name: '券',
    name_en: 'C',
    kind: 'coupon',
    status: 'active',
    points: 10,
    coupon_template_id,
  });
  const held = await v1('redemptions', {
    external_id: `X-${number}`,
    customer_external_id: who.code,
    reward: code,
    confirm: true,
  });
  await sql`update app.coupons set status = 'redeemed' where customer_id = ${who.id}`.execute(t.owner);
  expect((await v1(`redemptions/${held.body.id}/cancel`)).status).toBe(409);
});

test('a benefit gives its coupon when it is used, its code too, and takes it back', async () => {
  const coupon_template_id = await template({ code_mode: 'imported' });
  await made('coupon_codes', { code: `BEN-${++number}`, template_id: coupon_template_id });
  const code = `bn_${number}`;
  const benefit = {
    code,
    name: '礼',
    name_en: 'Gift',
    layer: 'custom',
    kind: 'coupon',
    status: 'active',
    fulfilment: 'code',
  };
  const benefit_id = await made('benefits', { ...benefit, coupon_template_id });
  await sql`update app.programme_versions set effective_from_at = '2020-01-01' where resource = 'benefits'`.execute(
    t.owner,
  );
  const [one, two] = [await customer(), await customer()];
  const use = (who: { code: string }) =>
    v1('benefits/use', { external_id: `U-${++number}`, customer_external_id: who.code, benefit: code });
  const used = await use(one);
  expect(used).toMatchObject({ status: 201, body: { status: 'done', code: expect.stringMatching(/^BEN-/) } });
  expect(await coupons(one.id)).toEqual([{ source: `benefit:${benefit_id}`, status: 'claimed', code: used.body.code }]);
  await use(two);
  expect(await coupons(two.id)).toMatchObject([{ status: 'waiting', code: null }]);
  await v1(`benefits/uses/${used.body.id}/cancel`);
  expect(await coupons(one.id)).toMatchObject([{ status: 'void' }]);
  // Whoever waits is served as soon as codes come.
  await made('coupon_codes', { code: `BEN-${++number}`, template_id: coupon_template_id });
  expect(await coupons(two.id)).toMatchObject([{ status: 'claimed', code: `BEN-${number}` }]);
});

test('a starter pack becomes usable with its event, once, and void when that does not come in time', async () => {
  const who = await customer();
  const late = await customer();
  const asked = { activation: 'event', activation_event: 'second_order', activation_days: 30, distribution: 'claim' };
  const id = await template(asked);
  const code = `cs_${number}`;
  for (const each of [who, late])
    await v1('coupons/claim', { external_id: `L-${++number}`, customer_external_id: each.code, template: code });
  const order = async () => {
    const sent = await v1('orders', {
      ...{ external_id: `O-${++number}`, customer_external_id: who.code, placed_at: new Date().toISOString() },
      lines: [{ sku: 'x', quantity: 1, unit_price: '10.00' }],
    });
    expect(sent.status, JSON.stringify(sent.body)).toBeLessThan(300);
    const at = new Date(Date.now() + 1_000).toISOString();
    await processFacts(app.deps, { until_at: at });
    await followUp(app.deps, { at });
  };
  await order();
  expect(await coupons(who.id)).toMatchObject([{ status: 'inactive' }]);
  await order();
  expect(await coupons(who.id)).toMatchObject([{ status: 'claimed' }]);
  const { rows } = await sql<Row>`
    select round(extract(epoch from valid_until_at - activated_at) / 86400) as days from app.coupons
    where customer_id = ${who.id}`.execute(t.db);
  expect(rows).toEqual([{ days: '30' }]);
  await sql`update app.coupons set activate_until_at = now() where template_id = ${id} and status = 'inactive'`.execute(
    t.owner,
  );
  await sql`select ops.release_coupons(current_date)`.execute(t.db);
  expect(await coupons(late.id)).toMatchObject([{ status: 'void' }]);
});
