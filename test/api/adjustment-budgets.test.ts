/** Points that staff give, and points that are brought back after they expired, ask their budget like earned ones. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError } from '../../api/contract.ts';
import { settleDay } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';
import { programme } from '../sql/points.ts';

let t: TestDatabase;
let a: TestApp;
let b: Awaited<ReturnType<typeof budgets>>;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  await t.owner.deleteFrom('app.programme_versions').execute();
  await t.db.updateTable('app.points_policies').set({ point_value: '0.01', reinstate_days: 300 }).execute();
  p = await programme(t);
  a = await testApp(t);
  b = await budgets(t);
});
afterAll(() => t?.close());

/** So many days before today. */
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const OPEN = { starts_on: '2020-01-01', ends_on: '2099-12-31' };
async function member(segment: string): Promise<number> {
  const id = await p.customer();
  await b.member(id, segment, '2020-01-01');
  return id;
}
const give = (customer: number, body: object) =>
  a.as('operator')('POST', `/api/customers/${customer}/_actions/adjust_points`, { reason: 'a gift', ...body });
async function line(budget_id: number, of: string): Promise<string> {
  const found = (await b.lines(budget_id)).find((each) => each.of === of)!;
  return [found.reserved, found.committed, found.spent, found.released].map(Number).join(' ');
}

test('what is given is committed, spent and released with its points; what has no room is refused by its field', async () => {
  const budget_id = await b.budget(OPEN, { new: 400, active: 600 });
  const customer = await member('new');
  expect((await give(customer, { points: 30_000, budget_id })).status).toBe(200);
  expect(await line(budget_id, 'new')).toBe('0 300 0 0');
  const more = await give(customer, { points: 10_001, budget_id });
  expect(more.status).toBe(422);
  expect(((await more.json()) as ApiError).errors!.budget_id).toMatchObject({ key: 'budget_exhausted' });
  const other_kind = await give(customer, { points: 1, budget_id, cost_kind: 'technology' });
  expect(((await other_kind.json()) as ApiError).errors!.budget_id).toMatchObject({ key: 'no_budget_line' });
  expect((await give(customer, { points: 10_000, budget_id })).status).toBe(200);
  const taken = await give(customer, { points: -5_000 });
  expect(taken.status, await taken.clone().text()).toBe(200);
  expect(await line(budget_id, 'new')).toBe('0 350 50 0');
  // Without a budget nobody is asked.
  expect((await give(customer, { points: 999_999 })).status).toBe(200);
  expect(await line(budget_id, 'promotion')).toBe('0 350 50 0');
  expect((await p.account(customer))!.available).toBe(30_000 + 10_000 - 5_000 + 999_999);
  // Books that are done again keep what was answered.
  await p.order(customer, { at: '2021-01-05', amount: '1' });
  await p.work();
  expect(await line(budget_id, 'new')).toBe('0 350 50 0');
  await b.addUp();
});

test('a dozen who give at once never give more than there is', async () => {
  const budget_id = await b.budget(OPEN, { new: 500, active: 500 });
  const customers = await Promise.all(Array.from({ length: 12 }, () => member('new')));
  const answers = await Promise.all(customers.map((each) => give(each, { points: 10_000, budget_id })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(7);
  expect(await line(budget_id, 'new')).toBe('0 500 0 0');
  await b.addUp();
});

test('what expired comes back only as far as the budget has room for it', async () => {
  const budget_id = await b.budget(OPEN, { new: 100, active: 900 });
  const rule = await p.rule({
    ...{ code: 'monthly', effect: 'per_amount', points: 100, per_amount: '1', budget_id, expiry_months: 1 },
  });
  const [customer, other] = [await member('new'), await member('new')];
  await p.order(customer, { at: ago(90), amount: '80' });
  await p.work();
  await settleDay(a.deps, { until_at: `${ago(30)} 00:00+08` });
  expect(await line(budget_id, 'new')).toBe('0 0 0 80');
  // Somebody else has taken the money meanwhile.
  expect((await give(other, { points: 5_000, budget_id })).status).toBe(200);
  const asked = await a.as('operator')('POST', `/api/customers/${customer}/_actions/extend_points`, {
    ...{ expiring_until_on: ago(30), until_on: ago(-300), reason: 'ill' },
  });
  expect(asked.status, await asked.clone().text()).toBe(200);
  const { id } = await t.db
    .selectFrom('app.points_extensions')
    .select('id')
    .where('customer_id', '=', customer)
    .executeTakeFirstOrThrow();
  const approve = () => a.as('manager')('POST', `/api/points_extensions/${id}/_actions/approve`, {});
  const refused = await approve();
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('To bring back what expired needs money in the budget');
  expect((await p.account(customer))!.available).toBe(0);
  await sql`update app.budget_lines set amount = amount + 100 where budget_id = ${budget_id} and dimension = 'segment'`.execute(
    t.owner,
  );
  expect((await approve()).status).toBe(200);
  expect((await p.account(customer))!.available).toBe(8_000);
  expect(await line(budget_id, 'new')).toBe('0 130 0 0');
  expect(rule).toBeGreaterThan(0);
});
