/** Two records of one person: what both did for tasks counts together, and nobody has a reward, a title or a coupon less. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { coupons } from './coupons.ts';
import { programme } from './points.ts';
import { tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let k: ReturnType<typeof tasksOf>;
let coupon: number;
let number = 0;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  k = tasksOf(t);
  coupon = await k.template({ code: 'merged', amount: '5' });
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
});
beforeEach(async () => {
  await t.db.updateTable('app.tasks').set({ status: 'retired' }).execute();
  await sql`select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks`.execute(t.db);
});
afterAll(() => t?.close());

const merged = (survivor: number, other: number) =>
  sql`select ops.merge_customers(${survivor}, ${other}, null, 'test')`.execute(t.db);
const orders = async (customer: number, days: readonly string[]) => {
  for (const at of days) await p.order(customer, { at, amount: '100' });
};
const left = async (customer: number) =>
  (
    await sql<{ of: string }>`
      select 'progress' as of from app.task_progress where customer_id = ${customer}
      union all select 'completion' from app.task_completions where customer_id = ${customer}
      union all select 'grant' from app.task_grants where customer_id = ${customer}
      union all select 'title' from app.customer_titles where customer_id = ${customer}
      union all select 'coupon' from app.coupons where customer_id = ${customer} and status = 'claimed'
    `.execute(t.db)
  ).rows.map((row) => row.of);

test('what neither had reached alone is reached by both together', async () => {
  const task = await k.task({
    code: `together_${++number}`,
    steps: [{ goal: 'orders', target: 3, coupon_template_id: coupon }],
  });
  const [one, other] = [await p.customer(), await p.customer()];
  await orders(one, ['2025-03-01', '2025-03-05']);
  await orders(other, ['2025-03-03']);
  await k.work();
  expect([...(await k.reached(one, task)), ...(await k.reached(other, task))]).toEqual([]);
  await merged(one, other);
  await k.work();
  expect(await k.reached(one, task)).toEqual(['1.1 2025-03-05']);
  expect(await k.state(one, task)).toBe('done');
  expect(await k.coupons(one)).toEqual(['claimed']);
  expect(await left(other)).toEqual([]);
});

test('what both had reached is kept as far as one person may have it; the rest is taken back unused', async () => {
  const task = await k.task({
    code: `both_${++number}`,
    steps: [{ goal: 'orders', target: 1, times: 1, coupon_template_id: coupon }],
  });
  const [one, other] = [await p.customer(), await p.customer()];
  await orders(one, ['2025-03-02']);
  await orders(other, ['2025-03-01']);
  await k.work();
  await merged(one, other);
  await k.work();
  expect(await k.reached(one, task)).toEqual(['1.1 2025-03-01']);
  expect((await k.coupons(one)).toSorted()).toEqual(['claimed', 'void']);
  expect(await left(other)).toEqual([]);
  expect(await k.review([one])).toBe(0);
});

test('where a step may be reached again, what both had is what one person has', async () => {
  const task = await k.task({
    code: `turns_${++number}`,
    steps: [{ goal: 'orders', target: 1, times: 5, coupon_template_id: coupon }],
  });
  const [one, other] = [await p.customer(), await p.customer()];
  await orders(one, ['2025-03-02', '2025-03-04']);
  await orders(other, ['2025-03-01', '2025-03-03']);
  await k.work();
  await merged(one, other);
  await k.work();
  expect((await k.reached(one, task)).length).toBe(4);
  expect(await k.coupons(one)).toEqual(['claimed', 'claimed', 'claimed', 'claimed']);
  expect(await left(other)).toEqual([]);
});

test('titles and coupons follow, and a coupon that was used stays used', async () => {
  const c = await coupons(t);
  const template = await c.template({});
  const [one, other] = [await p.customer(), await p.customer()];
  await c.issue(template, [other, other], undefined, { at: '2025-03-01T00:00:00+08' });
  await sql`
    update app.coupons set status = 'redeemed', redeemed_at = now()
    where id = (select min(id) from app.coupons where customer_id = ${other})
  `.execute(t.owner);
  const title = await t.db
    .insertInto('app.titles')
    .values({ code: `merged_${++number}`, name: 'x', name_en: 'x' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`
    select * from ops.grant_titles(
      ${JSON.stringify([{ title_id: title.id, customer_id: other, source: 'staff', external_id: 'm-1', reason: 'x' }])}::jsonb, 0, now()
    )
  `.execute(t.db);
  await merged(one, other);
  expect((await k.coupons(one)).toSorted()).toEqual(['claimed', 'redeemed']);
  const titles = await t.db
    .selectFrom('app.customer_titles')
    .select(['title_id', 'revoked_at'])
    .where('customer_id', '=', one)
    .execute();
  expect(titles).toEqual([{ title_id: title.id, revoked_at: null }]);
  expect(await left(other)).toEqual([]);
});
