import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { seedNew } from '../../api/seed.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';

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

async function make(resource: string, body: Row): Promise<number> {
  const made = await ask('POST', `/api/${resource}`, body);
  expect(made.status, await made.clone().text()).toBe(201);
  return ((await made.json()) as { id: number }).id;
}

async function customer(points = 1_000): Promise<{ id: number; external_id: string }> {
  const external_id = `W-${++number}`;
  const id = await make('customers', { external_id });
  await ask('POST', `/api/customers/${id}/_actions/adjust_points`, { points, reason: 'test' });
  return { id, external_id };
}

/** A reward that everybody may redeem for 10 points, unless said otherwise. */
async function reward(body: Row = {}): Promise<{ id: number; code: string }> {
  const code = `reward_${++number}`;
  const usual = { name: '杯子', name_en: 'A cup', kind: 'goods', status: 'active', points: 10 };
  return { id: await make('rewards', { ...usual, code, ...body }), code };
}

async function redeem(customer_external_id: string, code: string, body: Row = {}) {
  const answer = await ask('POST', '/api/v1/redemptions', {
    external_id: `W-${++number}`,
    customer_external_id,
    reward: code,
    ...body,
  });
  return { status: answer.status, body: (await answer.json()) as Row };
}

const reasonOf = ({ body }: { body: Row }, field = 'reward') => (body as unknown as ApiError).errors?.[field]?.key;
const decide = (id: unknown, decision: string) => ask('POST', `/api/v1/redemptions/${id}/${decision}`);
const stored = async (resource: string, id: number) =>
  (await (await ask('GET', `/api/${resource}/${id}`)).json()) as Row;

describe('a reward', () => {
  test('costs its points, is called by its name, and its stock follows what becomes of the redemption', async () => {
    const { id, external_id } = await customer();
    const cup = await reward({ stock: 5, max_quantity: 3 });
    const held = await redeem(external_id, cup.code, { quantity: 2 });
    expect(held).toMatchObject({
      status: 201,
      body: { points: 20, quantity: 2, reward: cup.code, status: 'reserved', balance: 980 },
    });
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 2, taken: 0, left_count: 3 });
    expect(await stored('redemptions', held.body.id as number)).toMatchObject({ purpose: '杯子', customer_id: id });
    await decide(held.body.id, 'confirm');
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 0, taken: 2, left_count: 3 });
    await decide(held.body.id, 'cancel');
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 0, taken: 0, left_count: 5 });
    const again = await redeem(external_id, cup.code);
    await decide(again.body.id, 'cancel');
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 0, taken: 0, left_count: 5 });
  });

  test('without a stock of its own takes from that of its product, and gives it back', async () => {
    const { external_id } = await customer();
    const product_id = await make('products', { external_id: `sku-${++number}`, name: '杯子', stock: 2 });
    const cup = await reward({ product_id });
    const held = await redeem(external_id, cup.code);
    expect(await stored('products', product_id)).toMatchObject({ stock: 1 });
    expect(await stored('rewards', cup.id)).toMatchObject({ left_count: 1 });
    expect((await redeem(external_id, cup.code, { confirm: true })).status).toBe(201);
    expect(reasonOf(await redeem(external_id, cup.code))).toBe('out_of_stock');
    await decide(held.body.id, 'cancel');
    expect(await stored('products', product_id)).toMatchObject({ stock: 1 });
  });

  test('gives its stock back when nobody confirms in time', async () => {
    const { external_id } = await customer();
    const cup = await reward({ stock: 1 });
    const held = await redeem(external_id, cup.code);
    await t.owner
      .updateTable('app.redemptions')
      .set({ reserved_until_at: new Date(Date.now() - 1).toISOString() })
      .where('id', '=', held.body.id as number)
      .execute();
    const run = () =>
      app.as('administrator')('POST', '/api/job_runs/_actions/run_now', { job: 'release_reservations' });
    expect((await run()).status).toBe(200);
    await run();
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 0, taken: 0, left_count: 1 });
    expect(await stored('redemptions', held.body.id as number)).toMatchObject({
      status: 'cancelled',
      reason: 'timeout',
    });
  });

  test('asked for again is answered as before, and says when it was something else', async () => {
    const { external_id } = await customer();
    const [cup, plate] = [await reward({ stock: 9, max_quantity: 2 }), await reward()];
    const once = `once-${external_id}`;
    const first = await redeem(external_id, cup.code, { external_id: once });
    expect(await redeem(external_id, cup.code, { external_id: once })).toMatchObject({
      status: 200,
      body: { answer: 'replayed', id: first.body.id },
    });
    for (const other of [{ quantity: 2 }, { reward: plate.code }] as Row[]) {
      expect((await redeem(external_id, cup.code, { external_id: once, ...other })).body).toMatchObject({
        differs: true,
      });
    }
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 1 });
  });

  test('of a partner notes what is due to them', async () => {
    const { external_id } = await customer();
    const miles = await reward({
      ...{ kind: 'partner', partner: '某航空', partner_unit: '里程', partner_units: 50 },
      ...{ settlement_price: '0.0333', max_quantity: 100, points: 7 },
    });
    const made = await redeem(external_id, miles.code, { quantity: 3, partner_account: 'FF-1', confirm: true });
    expect(await stored('redemptions', made.body.id as number)).toMatchObject({
      points: 21,
      partner_units: 150,
      settlement_amount: '5.00',
    });
  });

  test('is redeemed by staff for a customer, and handed over once', async () => {
    const { id } = await customer(100);
    const cup = await reward({ stock: 3, handle_hours: 48 });
    const path = `/api/customers/${id}/_actions/redeem`;
    const done = await app.as('customer_service')('POST', path, { reward: cup.id, quantity: 1, reason: '电话' });
    expect(done.status, await done.clone().text()).toBe(200);
    const made = ((await done.json()) as Row).id as number;
    expect(await stored('redemptions', made)).toMatchObject({ status: 'confirmed', points: 10, reason: '电话' });
    const open = await ask('GET', '/api/redemptions?_scope=open');
    expect(((await open.json()) as Row[]).map((row) => row.id)).toContain(made);
    const hand = () => ask('POST', `/api/redemptions/${made}/_actions/hand_over`, { note: 'SF123' });
    expect((await hand()).status).toBe(200);
    expect((await hand()).status).toBe(409);
    expect(await stored('redemptions', made)).toMatchObject({ note: 'SF123' });
    expect((await stored('redemptions', made)).due_at).not.toBeNull();
    expect((await app.as('viewer')('POST', path, { reward: cup.id, quantity: 1 })).status).toBe(403);
  });
});

describe('what a reward asks for, changed once, refuses', () => {
  const later = () => new Date(Date.now() + 3_600_000).toISOString();
  const earlier = () => new Date(Date.now() - 3_600_000).toISOString();
  test.each<[string, () => Row, string, string?]>([
    ['status', () => ({ status: 'paused' }), 'not_active'],
    ['starts_at', () => ({ starts_at: later() }), 'not_started'],
    ['ends_at', () => ({ ends_at: earlier() }), 'expired'],
    ['points', () => ({ points: 1_001 }), 'points_short'],
    ['stock', () => ({ stock: 0 }), 'out_of_stock'],
  ])('%s', async (_setting, setting, reason) => {
    const { id, external_id } = await customer();
    expect((await redeem(external_id, (await reward()).code)).status).toBe(201);
    const refused = await redeem(external_id, (await reward(setting())).code);
    expect(refused.status).toBe(422);
    expect(reasonOf(refused)).toBe(reason);
    const rows = (await (await ask('GET', `/api/redemptions?customer_id=${id}`)).json()) as Row[];
    expect(rows).toHaveLength(1);
  });

  test('quantity beyond what goes at a time', async () => {
    const { external_id } = await customer();
    const cup = await reward({ max_quantity: 2 });
    expect(reasonOf(await redeem(external_id, cup.code, { quantity: 3 }), 'quantity')).toBe('limit_reached');
    expect((await redeem(external_id, cup.code, { quantity: 2 })).status).toBe(201);
  });

  test('more than a customer may have, in the period', async () => {
    const { external_id } = await customer();
    for (const limit_period of ['day', 'month', 'quarter', 'year', 'lifetime']) {
      const cup = await reward({ customer_limit: 1, limit_period });
      const first = await redeem(external_id, cup.code, { confirm: true });
      expect(reasonOf(await redeem(external_id, cup.code))).toBe('limit_reached');
      await t.owner
        .updateTable('app.redemptions')
        .set({ reserved_at: new Date(Date.now() - 366 * 86_400_000).toISOString() })
        .where('id', '=', first.body.id as number)
        .execute();
      expect((await redeem(external_id, cup.code)).status, limit_period).toBe(limit_period === 'lifetime' ? 422 : 201);
    }
    const cup = await reward({ customer_limit: 1 });
    await decide((await redeem(external_id, cup.code)).body.id, 'cancel');
    expect((await redeem(external_id, cup.code)).status).toBe(201);
  });

  test('another tier, and has its own price in some', async () => {
    const tier = (code: string, rank: number) =>
      make('tiers', {
        ...{
          code,
          rank,
          name: code,
          name_en: code,
          basis: 'spend',
          window_kind: 'lifetime',
          enter_at: `${rank * 9999}.00`,
        },
        ...{ validity_kind: 'forever', downgrade: 'none', redeem_points: 100 },
      });
    await tier('w_low', 0);
    const high = await tier('w_high', 1);
    const { id, external_id } = await customer();
    const cup = await reward({ tiers: [high] });
    const priced = await reward({ prices: [{ tier_id: high, points: 4 }] });
    expect(reasonOf(await redeem(external_id, cup.code))).toBe('wrong_customer');
    expect((await redeem(external_id, priced.code)).body).toMatchObject({ points: 10 });
    await ask('POST', `/api/customers/${id}/_actions/set_tier`, { tier_id: high, until_on: null, reason: 'test' });
    expect((await redeem(external_id, cup.code)).status).toBe(201);
    expect((await redeem(external_id, priced.code)).body).toMatchObject({ points: 4 });
  });

  test.each<[string, Row, string]>([
    ['no such code', { reward: 'nothing' }, 'reward'],
    ['points beside it', { points: 5 }, 'points'],
    ['a quantity of none', { quantity: 0 }, 'quantity'],
    ['a quantity of text', { quantity: 'many' }, 'quantity'],
  ])('%s', async (_case, body, field) => {
    const { external_id } = await customer();
    const refused = await redeem(external_id, (await reward()).code, body);
    expect(refused.status).toBe(422);
    expect(Object.keys((refused.body as unknown as ApiError).errors ?? {})).toEqual([field]);
  });

  test('less stock than is out', async () => {
    const { external_id } = await customer();
    const cup = await reward({ stock: 5 });
    await redeem(external_id, cup.code);
    const refused = await ask('PATCH', `/api/rewards/${cup.id}`, { stock: 0 });
    expect(refused.status).toBe(422);
    expect(Object.keys(((await refused.json()) as ApiError).errors ?? {})).toEqual(['stock']);
  });
});

describe('32 clients at once', () => {
  test('get what there is and not one more, and the stock is whole whatever they decide', async () => {
    const people = await Promise.all(Array.from({ length: 32 }, () => customer(100)));
    const cup = await reward({ stock: 7 });
    const answers = await Promise.all(people.map(({ external_id }) => redeem(external_id, cup.code)));
    const got = answers.filter(({ status }) => status === 201);
    expect(got).toHaveLength(7);
    expect(new Set(answers.filter(({ status }) => status !== 201).map((each) => reasonOf(each)))).toEqual(
      new Set(['out_of_stock']),
    );
    await Promise.all(
      got.flatMap(({ body }, at) => [decide(body.id, at < 3 ? 'confirm' : 'cancel'), decide(body.id, 'cancel')]),
    );
    expect(await stored('rewards', cup.id)).toMatchObject({ reserved: 0, taken: 0, left_count: 7 });
  });

  test('of one customer never pass the limit of each', async () => {
    const { external_id } = await customer();
    const cup = await reward({ customer_limit: 3 });
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => redeem(external_id, cup.code, { confirm: true })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await stored('rewards', cup.id)).toMatchObject({ taken: 3 });
  });
});

describe('the cost of a reward', () => {
  beforeAll(() => seedNew(t.owner, { demo: false }));
  /** For everybody whom no segment takes, with 100 for promotion. */
  const budget = async () =>
    (await budgets(t)).budget({ kind: 'campaign', starts_on: null, ends_on: null }, { new: 0, active: 0, other: 400 });
  const lines = (id: number) =>
    t.db
      .selectFrom('app.budget_lines')
      .select(['reserved', 'committed', 'spent', 'released'])
      .where('budget_id', '=', id)
      .where('cost_kind', '=', 'promotion')
      .executeTakeFirstOrThrow();

  test('is reserved, committed, spent and given back with the redemption', async () => {
    const { external_id } = await customer();
    const budget_id = await budget();
    const cup = await reward({ budget_id, unit_cost: '12.50', max_quantity: 9 });
    const held = await redeem(external_id, cup.code, { quantity: 2 });
    expect(await lines(budget_id)).toEqual({ reserved: '25.00', committed: '0.00', spent: '0.00', released: '0.00' });
    await decide(held.body.id, 'confirm');
    expect(await lines(budget_id)).toMatchObject({ reserved: '0.00', committed: '25.00' });
    await ask('POST', `/api/redemptions/${held.body.id}/_actions/hand_over`, {});
    expect(await lines(budget_id)).toMatchObject({ committed: '0.00', spent: '25.00' });
    await decide(held.body.id, 'cancel');
    expect(await lines(budget_id)).toMatchObject({ spent: '0.00', released: '25.00' });
  });

  test('never passes the budget, whoever asks at once, and says why', async () => {
    const people = await Promise.all(Array.from({ length: 32 }, () => customer(100)));
    const budget_id = await budget();
    const cup = await reward({ budget_id, unit_cost: '9.99', stock: 50 });
    const answers = await Promise.all(
      people.map(({ external_id }) => redeem(external_id, cup.code, { confirm: true })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(reasonOf(answers.find(({ status }) => status === 422)!)).toBe('budget_exhausted');
    expect(await lines(budget_id)).toMatchObject({ committed: '99.90' });
    expect(await stored('rewards', cup.id)).toMatchObject({ taken: 10 });
  });
});
