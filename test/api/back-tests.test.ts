/** Back-tests over HTTP: opened, worked in the background, read, cancelled; who may, and what is refused. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import type { BackTest, BackTestLine } from '../../api/contract-trials.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let purchase: number;
let silver: number;
let budget: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const made = async (path: string, body: Row) => {
    const answer = await a.as('operator')('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBe(201);
    return ((await answer.json()) as { id: number }).id;
  };
  purchase = await made('/api/earn_rules', {
    ...{ code: 'purchase', name: '消费', name_en: 'Purchase', status: 'active', points: 1, per_amount: '1' },
  });
  const spend = { basis: 'spend', window_kind: 'lifetime', validity_kind: 'forever', downgrade: 'none' };
  await made('/api/tiers', { code: 'regular', name: '普通', name_en: 'Regular', rank: 0, enter_at: '0', ...spend });
  silver = await made('/api/tiers', {
    ...{ code: 'silver', name: '银卡', name_en: 'Silver', rank: 1, enter_at: '1000', ...spend },
  });
  // They hold since long ago.
  await sql`insert into app.programme_versions (resource, record_id, effective_from_at, body)
    select resource, record_id, '2020-01-01', body from app.programme_versions where resource in ('earn_rules', 'tiers')`.execute(
    t.owner,
  );
  await sql`select ops.keep_version('points_policies', 1, 0,
    (select to_jsonb(points_policies) || '{"point_value": 0.01}' from app.points_policies), '-infinity')`.execute(t.db);
  await sql`insert into app.customers (external_id, enrolled_at, enrolled_on)
    select 'b' || n, now() - interval '2 years', current_date - 730 from generate_series(1, 40) as n`.execute(t.owner);
  await sql`insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount)
    select id, 'test', 'o' || id || ' ' || m, now() - make_interval(days => 20 + 30 * m), current_date - 20 - 30 * m, 10 * (1 + id % 7)
    from app.customers cross join generate_series(0, 2) as m where external_id like 'b%'`.execute(t.owner);
  await processFacts(a.deps, { until_at: new Date(Date.now() + 2_000).toISOString() });
  const { rows } = await sql<{ id: number }>`
    insert into app.budgets (code, name, name_en, kind, status, starts_on, ends_on, total)
    values ('b', '积分', 'Points', 'period', 'active', current_date - 30, current_date + 300, 100)
    returning id`.execute(t.owner);
  budget = rows[0]!.id;
}, 60_000);
afterAll(() => t?.close());

const open = (body: Row, person: Person = 'operator') => a.as(person)('POST', '/api/_trials', body);
const read = async (id: number, query = '', person: Person = 'operator') => {
  const answer = await a.as(person)('GET', `/api/_trials/${id}${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as BackTest;
};
async function opened(body: Row): Promise<number> {
  const answer = await open(body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
async function done(id: number): Promise<BackTest> {
  await expect.poll(async () => (await read(id)).state, { timeout: 30_000 }).toBe('done');
  return read(id);
}
const rule = (values: Row, id: number | null = purchase) => ({ resource: 'earn_rules', id, values });

test('a rule that gives twice as much gives twice as much, in every month and to everybody', async () => {
  const id = await opened({ title: 'double', months: 3, drafts: [rule({ points: 2 })] });
  const found = await done(id);
  expect(found).toMatchObject({ title: 'double', population: 40, sampled: 40, done: 40, point_value: '0.01' });
  const totals = found.totals!;
  expect(totals.points_real).toBeGreaterThan(1_000);
  expect(totals).toMatchObject({
    ...{ points_draft: 2 * totals.points_real, points_more: totals.points_real, points_margin: 0 },
    ...{ gaining: 40, losing: 0, moving: 0 },
  });
  for (const { real, draft } of found.by_month) expect(draft.issued).toBe(2 * real.issued!);
  expect(found.spread.reduce((sum, each) => sum + each.customers, 0)).toBe(40);
  expect(found.winners).toHaveLength(10);
  expect(found.losers).toEqual([]);
  expect(Number(found.cost!.more)).toBeCloseTo(totals.points_more / 100, 2);
  expect(found.tiers.map((tier) => [tier.name[1], tier.real, tier.draft])).toEqual([['Regular', 40, 40]]);
  const { budget: money } = await read(id, `?budget_id=${budget}`);
  expect(money!.left).toBe('100.00');
  const days = (on: string | null) => (Date.parse(on!) - Date.parse(found.until_on)) / 86_400_000;
  expect(days(money!.real_on) / days(money!.draft_on)).toBeCloseTo(2, 1);
});

test('several drafts at once: a new rule and a tier, and who moves', async () => {
  const fresh = { code: 'fresh', name: '新', name_en: 'Fresh', status: 'active', effect: 'fixed', points: 5 };
  const found = await done(
    await opened({
      months: 3,
      drafts: [
        rule(fresh, null),
        { resource: 'tiers', id: silver, values: { enter_at: '150', point_multiplier: '2' } },
      ],
    }),
  );
  expect(found.drafts.map((draft) => draft.name[1])).toEqual(['Fresh', 'Silver']);
  expect(found.totals!.moving).toBeGreaterThan(0);
  expect(found.moves[0]).toMatchObject({ from: ['普通', 'Regular'], to: ['银卡', 'Silver'], up: true });
  expect(found.tiers.reduce((sum, tier) => sum + tier.draft, 0)).toBe(40);
});

test('a sample is scaled up, and says how far off it may be', async () => {
  const found = await done(await opened({ months: 3, sample: 20, drafts: [rule({ points: 2 })] }));
  expect(found).toMatchObject({ population: 40, sampled: 20 });
  const { points_more, points_margin } = found.totals!;
  expect(points_margin).toBeGreaterThan(0);
  const whole = await done(await opened({ months: 3, drafts: [rule({ points: 2 })] }));
  // Fixed customers, fixed draw: it lies within two of its margins.
  expect(Math.abs(points_more - whole.totals!.points_more)).toBeLessThanOrEqual(2 * points_margin!);
});

test('the list has them newest first; one that waits can be cancelled', async () => {
  const id = await opened({ months: 1, drafts: [rule({ points: 2 })] });
  const list = (await (await a.as('manager')('GET', '/api/_trials')).json()) as BackTestLine[];
  expect(list[0]).toMatchObject({ id, months: 1, by: 'Test operator' });
  await done(id);
  const { rows } = await sql<{ id: number }>`select ops.trial_open('w', '[]', '[]', 1, 10, null, now()) as id`.execute(
    t.db,
  );
  const waiting = rows[0]!.id;
  expect((await a.as('operator')('POST', `/api/_trials/${waiting}/cancel`)).status).toBe(200);
  expect((await read(waiting)).state).toBe('cancelled');
});

test.each<[string, Row]>([
  ['months', { months: 0 }],
  ['months', { months: 25 }],
  ['months', { months: '3' }],
  ['months', { months: null }],
  ['sample', { sample: 0 }],
  ['sample', { sample: 1e9 }],
  ['title', { title: 'x'.repeat(101) }],
  ['drafts', { drafts: [] }],
  ['drafts', { drafts: 'all' }],
  ['drafts', { drafts: Array.from({ length: 11 }, () => rule({})) }],
  ['drafts.0.resource', { drafts: [{ resource: 'users', id: null, values: {} }] }],
  [
    'drafts.1.points',
    {
      drafts: [
        rule({ points: 2 }),
        {
          resource: 'earn_rules',
          id: null,
          values: { code: 'x', name: 'x', name_en: 'x', effect: 'fixed', points: 0 },
        },
      ],
    },
  ],
  ['drafts.1', { drafts: [rule({}), rule({})] }],
  ['wrong', { wrong: 1 }],
])('what is wrong is named: %s', async (field, wrong) => {
  const drafts = (wrong.drafts as Row[] | undefined)?.map?.((draft) =>
    draft.id === undefined ? { ...draft, id: purchase } : draft,
  );
  const before = await sql<{ n: number }>`select count(*) as n from app.trials`.execute(t.db);
  const answer = await open({
    months: 1,
    drafts: [rule({ points: 2 })],
    ...wrong,
    ...(Array.isArray(drafts) ? { drafts: drafts as never } : {}),
  });
  expect(answer.status, await answer.clone().text()).toBe(422);
  expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([field]);
  expect((await sql<{ n: number }>`select count(*) as n from app.trials`.execute(t.db)).rows).toEqual(before.rows);
});

test('who may not save rules opens none, and reads those of others; addresses that are none are refused', async () => {
  expect((await open({ months: 1, drafts: [rule({ points: 2 })] }, 'analyst')).status).toBe(403);
  expect((await a.as('analyst')('GET', '/api/_trials')).status).toBe(200);
  expect((await a.anyone('GET', '/api/_trials')).status).toBe(401);
  expect((await a.as('operator')('GET', '/api/_trials/999999')).status).toBe(404);
  expect((await a.as('operator')('GET', '/api/_trials/x')).status).toBe(400);
  expect((await a.as('operator')('GET', '/api/_trials/1?budget_id=x')).status).toBe(400);
  expect((await a.as('operator')('POST', '/api/_trials/999999/cancel')).status).toBe(404);
});
