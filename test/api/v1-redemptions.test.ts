import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

let number = 0;

/** Somebody with so many points, given by staff through the screen. */
async function customer(points: number): Promise<{ id: number; external_id: string }> {
  const external_id = `R-${++number}`;
  const made = await ask('POST', '/api/customers', { external_id });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as { id: number };
  if (points > 0) {
    const given = await ask('POST', `/api/customers/${id}/_actions/adjust_points`, { points, reason: 'test' });
    expect(given.status, await given.clone().text()).toBe(200);
  }
  return { id, external_id };
}

async function redeem(body: { [field: string]: unknown }, as = ask) {
  const answer = await as('POST', '/api/v1/redemptions', { external_id: `X-${++number}`, purpose: 'a cup', ...body });
  return { status: answer.status, body: (await answer.json()) as Row };
}

async function decide(id: unknown, decision: 'confirm' | 'cancel', body?: unknown) {
  const answer = await ask('POST', `/api/v1/redemptions/${id}/${decision}`, body);
  return { status: answer.status, body: (await answer.json()) as Row };
}

/** The account as its screen shows it. */
async function account(id: number): Promise<Row> {
  const answer = await ask('GET', `/api/points_accounts?customer_id=${id}`);
  return ((await answer.json()) as Row[])[0]!;
}

describe('a redemption', () => {
  test('holds the points, spends them when it is confirmed, and gives them back when it is cancelled', async () => {
    const { id, external_id } = await customer(100);
    const held = await redeem({ customer_external_id: external_id, points: 60 });
    expect(held).toMatchObject({ status: 201, body: { answer: 'accepted', status: 'reserved', balance: 40 } });
    expect(await account(id)).toMatchObject({ available: 40, reserved: 60, spent: 0 });
    expect(await decide(held.body.id, 'confirm')).toMatchObject({ status: 200, body: { status: 'confirmed' } });
    expect(await account(id)).toMatchObject({ available: 40, reserved: 0, spent: 60 });
    expect(await decide(held.body.id, 'cancel', { reason: 'sold out' })).toMatchObject({
      status: 200,
      body: { status: 'cancelled', balance: 100 },
    });
    expect(await account(id)).toMatchObject({ available: 100, reserved: 0, spent: 0 });
  });

  test('asked for again is answered as the first time, and spends nothing', async () => {
    const { id, external_id } = await customer(100);
    const asked = { customer_external_id: external_id, points: 30, external_id: `once-${external_id}`, confirm: true };
    const first = await redeem(asked);
    const again = await redeem(asked);
    expect(again).toMatchObject({ status: 200, body: { answer: 'replayed', id: first.body.id, balance: 70 } });
    expect(again.body.differs).toBeUndefined();
    expect((await redeem({ ...asked, points: 40 })).body).toMatchObject({
      answer: 'replayed',
      points: 30,
      differs: true,
    });
    expect(await decide(first.body.id, 'confirm')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
    expect(await account(id)).toMatchObject({ available: 70, spent: 30 });
  });

  test('of more than there is says so at the field, with what is left', async () => {
    const { external_id } = await customer(10);
    const refused = await redeem({ customer_external_id: external_id, points: 11 });
    expect(refused.status).toBe(422);
    expect((refused.body as unknown as ApiError).errors?.points?.message).toBe('Not enough points: 10 left');
    const zh = await ask(
      'POST',
      '/api/v1/redemptions',
      { external_id: `X-${++number}`, purpose: '杯子', customer_external_id: external_id, points: 11 },
      { 'accept-language': 'zh' },
    );
    expect(((await zh.json()) as ApiError).errors?.points?.message).toBe('可用积分不足，还有 10');
  });

  test('of an amount takes the points of the customer’s tier, rounded up', async () => {
    const tier = async (body: Row) => {
      const made = await ask('POST', '/api/tiers', {
        ...{ name: body.code, name_en: body.code, basis: 'spend', window_kind: 'lifetime' },
        ...{ validity_kind: 'forever', downgrade: 'none', ...body },
      });
      expect(made.status, await made.clone().text()).toBe(201);
      return ((await made.json()) as { id: number }).id;
    };
    await tier({ code: 'low', rank: 0, enter_at: '0', redeem_points: 100 });
    const high = await tier({ code: 'high', rank: 1, enter_at: '9999', redeem_points: 90 });
    const { id, external_id } = await customer(1_000);
    expect((await redeem({ customer_external_id: external_id, amount: '1.001' })).status).toBe(422);
    expect(await redeem({ customer_external_id: external_id, amount: '1.01' })).toMatchObject({
      status: 201,
      body: { points: 101, balance: 899 },
    });
    await ask('POST', `/api/customers/${id}/_actions/set_tier`, { tier_id: high, until_on: null, reason: 'test' });
    expect((await redeem({ customer_external_id: external_id, amount: '1.01' })).body).toMatchObject({ points: 91 });
    const refused = await redeem({ customer_external_id: external_id, amount: '9.00' });
    expect(Object.keys((refused.body as unknown as ApiError).errors ?? {})).toEqual(['amount']);
  });

  test.each([{}, { points: 5, amount: '5.00' }])('says points, an amount or a reward, not %j', async (given) => {
    const { external_id } = await customer(10);
    const refused = await redeem({ customer_external_id: external_id, ...given });
    expect(refused.status).toBe(422);
    expect(Object.keys((refused.body as unknown as ApiError).errors ?? {})).toEqual(['points']);
  });

  test('that is over is not confirmed, and says so', async () => {
    const { external_id } = await customer(10);
    const held = await redeem({ customer_external_id: external_id, points: 10 });
    await decide(held.body.id, 'cancel');
    expect(await decide(held.body.id, 'cancel')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
  });

  test('that nobody confirms gives its points back when its time is over', async () => {
    const { id, external_id } = await customer(50);
    const held = await redeem({ customer_external_id: external_id, points: 50 });
    await t.owner
      .updateTable('app.redemptions')
      .set({ reserved_until_at: new Date(Date.now() - 1).toISOString() })
      .where('id', '=', held.body.id as number)
      .execute();
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
    const run = await app.as('administrator')('POST', '/api/job_runs/_actions/run_now', {
      job: 'release_reservations',
    });
    expect(run.status, await run.clone().text()).toBe(200);
    expect((await redeem({ customer_external_id: external_id, points: 50 })).status).toBe(201);
    expect(await account(id)).toMatchObject({ available: 0, reserved: 50 });
  });
});

describe('32 clients at once', () => {
  test('spend what there is and not a point more', async () => {
    const { id, external_id } = await customer(100);
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => redeem({ customer_external_id: external_id, points: 7, confirm: true })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(14);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(18);
    expect(await account(id)).toMatchObject({ available: 2, spent: 98, debt: 0 });
  });

  test('who ask for the same redemption make one', async () => {
    const { id, external_id } = await customer(100);
    const answers = await Promise.all(
      Array.from({ length: 32 }, () =>
        redeem({ customer_external_id: external_id, points: 9, external_id: `same-${external_id}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await account(id)).toMatchObject({ available: 91, reserved: 9 });
  });

  test('who confirm and cancel the same one leave it cancelled, its points back', async () => {
    const { id, external_id } = await customer(100);
    const held = await redeem({ customer_external_id: external_id, points: 80 });
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, at) => decide(held.body.id, at % 2 ? 'confirm' : 'cancel')),
    );
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await account(id)).toMatchObject({ available: 100, reserved: 0, spent: 0 });
  });
});

describe('hostile requests', () => {
  test.each([
    ['points', 0],
    ['points', -5],
    ['points', 1.5],
    ['points', '1e9'],
    ['points', null],
    ['points', 2 ** 60],
    ['external_id', ''],
    ['external_id', 'x'.repeat(201)],
    ['external_id', { a: 1 }],
    ['source', "a'; drop table app.redemptions; --"],
    ['purpose', null],
    ['confirm', 'perhaps'],
    ['customer_external_id', 'nobody'],
    ['nonsense', 1],
  ])('%s = %j is refused by its name', async (field, value) => {
    const { external_id } = await customer(10);
    const refused = await redeem({ customer_external_id: external_id, points: 1, [field]: value });
    expect(refused.status).toBe(422);
    expect(Object.keys((refused.body as unknown as ApiError).errors ?? {})).toEqual([field]);
  });

  test.each(['0', '-1', 'abc', '9'.repeat(15), '9'.repeat(40)])('a redemption called %s is not there', async (id) => {
    expect([400, 404]).toContain((await decide(id, 'confirm')).status);
  });

  test('whoever may not tell facts is turned away', async () => {
    const { external_id } = await customer(10);
    for (const person of ['viewer', 'analyst', 'reviewer'] as const) {
      expect((await redeem({ customer_external_id: external_id, points: 1 }, app.as(person))).status).toBe(403);
    }
    const signed_out = await app.anyone('POST', '/api/v1/redemptions', { points: 1 });
    expect(signed_out.status).toBe(401);
  });
});
