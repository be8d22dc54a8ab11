/** Staff set the tier of a customer, on the screen's own way. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let gold: number;
let customer: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const made = async (path: string, body: Row) => {
    const answer = await a.as('operator')('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBe(201);
    return ((await answer.json()) as { id: number }).id;
  };
  const spend = { basis: 'spend', window_kind: 'lifetime' };
  await made('/api/tiers', {
    ...{ code: 'regular', name: '普通', name_en: 'Regular', rank: 0, enter_at: '0' },
    ...{ ...spend, validity_kind: 'forever', downgrade: 'none' },
  });
  gold = await made('/api/tiers', {
    ...{ code: 'gold', name: '金卡', name_en: 'Gold', rank: 1, enter_at: '5000', ...spend },
    ...{ validity_kind: 'months', validity_months: 12 },
  });
  customer = await made('/api/customers', { external_id: 'graded' });
});
afterAll(() => t?.close());

const set = (body: Row, person: Parameters<TestApp['as']>[0] = 'operator') =>
  a.as(person)('POST', `/api/customers/${customer}/_actions/set_tier`, body);
async function state(): Promise<Row> {
  const answer = await a.as('viewer')('GET', `/api/tier_states?customer_id=${customer}`);
  return ((await answer.json()) as Row[])[0]!;
}

test('from now on, through the day named, with the reason in the history', async () => {
  const answer = await set({ tier_id: gold, until_on: '2099-12-31', reason: 'a jury member' });
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(((await answer.json()) as { message: string }).message).toBe('The tier is “Gold” now');
  expect(await state()).toMatchObject({ tier_id: gold, valid_until_at: '2099-12-31T16:00:00.000Z' });
  const stays = await a.as('viewer')('GET', `/api/tier_stays?customer_id=${customer}&_sort=entered_at,id`);
  expect(((await stays.json()) as Row[]).map(({ reason }) => reason)).toEqual(['enrol', 'manual']);
});

test.each([
  ['tier_id', 999_999],
  ['tier_id', null],
  ['tier_id', 'gold'],
  ['until_on', '2020-01-01'],
  ['until_on', 'tomorrow'],
  ['reason', null],
  ['reason', 'x'.repeat(201)],
])('%s = %j is refused by its name, and changes nothing', async (field, value) => {
  const before = await state();
  const answer = await set({ tier_id: gold, until_on: null, reason: 'test', [field]: value } as Row);
  expect(answer.status).toBe(422);
  expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([field]);
  expect(await state()).toEqual(before);
});

test('whoever may not is turned away', async () => {
  for (const person of ['viewer', 'analyst', 'customer_service', 'reviewer'] as const)
    expect((await set({ tier_id: gold, until_on: null, reason: 'test' }, person)).status).toBe(403);
});

test('32 people at once leave one of their tiers, and one stay that is not over', async () => {
  const regular = ((await (await a.as('viewer')('GET', '/api/tiers?code=regular')).json()) as Row[])[0]!.id;
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, at) => set({ tier_id: at % 2 ? gold : regular!, until_on: null, reason: `${at}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(32).fill(200));
  const open = await t.db
    .selectFrom('app.tier_stays')
    .select('tier_id')
    .where('customer_id', '=', customer)
    .where('left_at', 'is', null)
    .execute();
  expect(open).toEqual([{ tier_id: (await state()).tier_id }]);
});
