/** Points of tasks that are taken back: out of what was given, as far as it is there, and what they cost goes back to the budget. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';
import { tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let b: Awaited<ReturnType<typeof budgets>>;
let k: ReturnType<typeof tasksOf>;
let budget_id: number;
let number = 0;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  await t.db.insertInto('app.segment_rule_sets').values({ code: 'lifecycle', name: 'x', name_en: 'x' }).execute();
  b = await budgets(t);
  k = tasksOf(t);
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  await t.owner.updateTable('app.points_policies').set({ point_value: '1' }).execute();
  await sql`
    select ops.keep_version('points_policies', 1, 0, (select to_jsonb(points_policies) from app.points_policies), '-infinity')
  `.execute(t.db);
});
beforeEach(async () => {
  await t.db.updateTable('app.tasks').set({ status: 'retired' }).execute();
  await sql`select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks`.execute(t.db);
  budget_id = await b.budget({ starts_on: '2020-01-01', ends_on: '2040-01-01' }, { other: 1000 });
});
afterAll(() => t?.close());

const second = () =>
  k.task({ code: `pays_${++number}`, budget_id, steps: [{ goal: 'orders', target: 2, points: 50 }] });
async function refunded(order: { customer: number; id: number; external_id: string }, amount: string): Promise<void> {
  await p.refund({ ...order }, { at: '2025-03-09', amount });
  await t.db
    .updateTable('app.orders')
    .set({ returned_amount: amount })
    .where('customer_id', '=', order.customer)
    .where('id', '=', order.id)
    .execute();
}
const money = async () => {
  const [line] = await b.lines(budget_id);
  return { committed: Number(line!.committed), spent: Number(line!.spent), released: Number(line!.released) };
};
const adjust = (customer: number, points: number, at: string) =>
  t.db
    .insertInto('app.points_adjustments')
    .values({ customer_id: customer, points, reason: 'by hand', adjusted_at: at })
    .execute();

test('all of it is there: all is taken back, and its budget has it again', async () => {
  await second();
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  expect(await money()).toEqual({ committed: 50, spent: 0, released: 0 });
  await refunded(order, '100');
  await k.work('2030-02-01');
  expect(await p.account(customer)).toMatchObject({ available: 0, spent: 0, reversed: 50, debt: 0 });
  expect(await money()).toEqual({ committed: 0, spent: 0, released: 50 });
  await b.addUp();
});

test('some of it was used: that much stays spent, the rest goes back', async () => {
  await second();
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  await adjust(customer, -30, '2030-01-10');
  await refunded(order, '100');
  await k.work('2030-02-01');
  expect(await p.account(customer)).toMatchObject({ available: 0, spent: 30, reversed: 20, debt: 0 });
  expect(await money()).toEqual({ committed: 0, spent: 30, released: 20 });
  await b.addUp();

  // Reached again: what was taken is given again, and paid for again.
  await p.order(customer, { at: '2025-03-05', amount: '100' });
  await k.work('2030-03-01');
  expect(await p.account(customer)).toMatchObject({ available: 20, spent: 30, reversed: 20 });
  expect(await money()).toEqual({ committed: 20, spent: 30, released: 20 });
  await b.addUp();
});

test('it was used, but the customer has other points: those pay for what was bought, and the gift goes back whole', async () => {
  await second();
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  await adjust(customer, -30, '2030-01-10');
  await adjust(customer, 100, '2030-01-11');
  await refunded(order, '100');
  await k.work('2030-02-01');
  expect(await p.account(customer)).toMatchObject({ available: 70, spent: 30, reversed: 50, debt: 0 });
  expect(await money()).toEqual({ committed: 0, spent: 0, released: 50 });
  await b.addUp();
});

test('worked anew from the beginning, because something came late, it comes to the same', async () => {
  await second();
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  await adjust(customer, -30, '2030-01-10');
  await refunded(order, '100');
  await k.work('2030-02-01');
  const [account, held] = [await p.account(customer), await money()];
  // Long before all of it.
  await p.event(customer, { at: '2024-01-01', kind: 'check_in' });
  await k.work('2030-02-01');
  expect(await p.account(customer)).toEqual(account);
  expect(await money()).toEqual(held);
  await b.addUp();
});
