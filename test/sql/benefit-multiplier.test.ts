/** Benefits that multiply points: what an order earns by them, in whatever order things are heard of. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from './benefits.ts';
import { programme } from './points.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let b: ReturnType<typeof benefitProgramme>;
let gold: number;
let card: number;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  b = benefitProgramme(t);
  await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1' });
  await p.rule({ code: 'growth', account: 'growth', effect: 'per_amount', points: 1, per_amount: '1' });
  gold = await p.tier({ code: 'gold', rank: 1, enter_at: '1000', point_multiplier: '1.5' });
  const double = await b.benefit({
    ...{ kind: 'point_multiplier', point_multiplier: '2', occasion: 'birthday_month', by_package_only: true },
  });
  await b.benefit({ kind: 'point_multiplier', point_multiplier: '3', tiers: [gold], ends_on: '2026-06-30' });
  card = await b.package([[double, null]], { grant_kind: 'manual', period: 'month' });
});
afterAll(() => t.close());

async function grant(customer: number, at: string): Promise<void> {
  await sql`select ops.grant_package(${card}, ${at}, 'manual', null, array[${customer}]::bigint[], 0, 'test')`.execute(
    t.db,
  );
}

async function born(birth_on: string): Promise<number> {
  const customer = await p.customer();
  await t.db.updateTable('app.customers').set({ birth_on }).where('id', '=', customer).execute();
  return customer;
}

test('the holder of a card has more for an order of their birthday month; not before the grant, nor for growth', async () => {
  const customer = await born('1990-03-15');
  await p.order(customer, { at: '2026-03-02', amount: '10' });
  await grant(customer, '2026-03-03 00:00+08');
  await p.order(customer, { at: '2026-03-31T23:59', amount: '10' });
  await p.order(customer, { at: '2026-04-01T00:00', amount: '10' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 10 + 20 + 10, growth: 30 });
  const { detail } = await t.db
    .selectFrom('app.decisions')
    .select('detail')
    .where('customer_id', '=', customer)
    .where('points', '=', 20)
    .executeTakeFirstOrThrow();
  expect(detail).toMatchObject({ benefits: [{ factor: 2 }] });
});

test('nobody else has, nor the holder in another month', async () => {
  const [other, holder] = [await born('1990-03-15'), await born('1990-04-15')];
  await grant(holder, '2026-03-01 00:00+08');
  for (const customer of [other, holder]) await p.order(customer, { at: '2026-03-10', amount: '10' });
  await p.work();
  for (const customer of [other, holder]) expect(await p.account(customer)).toMatchObject({ available: 10 });
});

test('a grant that is worked out late counts from its own beginning', async () => {
  const customer = await born('1990-03-15');
  await p.order(customer, { at: '2026-03-02', amount: '10' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 10 });
  await grant(customer, '2026-03-01 00:00+08');
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 20 });
});

test('by tier it holds from when the tier is reached, with that of the tier, until its last day; late orders come to the same', async () => {
  const [straight, late] = [await p.customer(), await p.customer()];
  const orders = [
    { at: '2026-05-01', amount: '1000' },
    { at: '2026-05-02', amount: '10' },
    { at: '2026-07-01', amount: '10' },
  ];
  for (const order of orders) await p.order(straight, order);
  await p.work();
  for (const order of [orders[2]!, orders[1]!]) {
    await p.order(late, order);
    await p.work();
  }
  await p.order(late, orders[0]!);
  await p.work();
  // 10 by 1 + 2 of the benefit + 0.5 of the tier; on the day after its end the tier's alone.
  const want = { available: 1000 + 35 + 15 };
  expect(await p.account(straight)).toMatchObject(want);
  expect(await p.account(late)).toMatchObject(want);
});
