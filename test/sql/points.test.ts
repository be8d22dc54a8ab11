/** What customers earn and spend, fact by fact. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
});
afterAll(() => t?.close());

test('an order earns a point for every whole unit, once', async () => {
  const { order, account, work } = p;
  const customer = await p.customer();
  await p.rule({ code: 'per_yuan', effect: 'per_amount', points: 1, per_amount: '1' });
  await order(customer, { at: '2026-01-05', amount: '99.90' });
  await work();
  expect(await account(customer)).toMatchObject({ available: 99, pending: 0 });
  await work();
  expect(await account(customer)).toMatchObject({ available: 99 });
});

test('points expire at the midnight after their anniversary', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: '2026-01-31', amount: '50' });
  await p.work();
  await settleDay(jobDeps(t), { until_at: '2027-01-31 23:59:59+08' });
  expect(await p.account(customer)).toMatchObject({ available: 50 });
  await settleDay(jobDeps(t), { until_at: '2027-02-01 00:00+08' });
  expect(await p.account(customer)).toMatchObject({ available: 0, expired: 50 });
});

test('a refund takes back what the refunded part had earned, and a whole one everything', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2026-01-05', amount: '99.90' });
  await p.refund(order, { at: '2026-01-06', amount: '0.50' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 99, reversed: 0 });
  await p.refund(order, { at: '2026-01-07', amount: '49.40' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 50, reversed: 49 });
  await p.refund(order, { at: '2026-01-08', amount: '50.00' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 0, reversed: 99 });
});

test('a refund of spent points is owed, and paid by the next earnings', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2026-01-05', amount: '100' });
  await p.redeem(customer, { at: '2026-01-06', points: 80 });
  await p.refund(order, { at: '2026-01-07', amount: '100' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 0, debt: 80, reversed: 100 });
  await p.order(customer, { at: '2026-01-08', amount: '200' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: 120, debt: 0 });
});

test('a late order gives what it would have given on time', async () => {
  const [early, late] = [await p.customer(), await p.customer()];
  for (const [customer, sequence] of [
    [early, [1, 2, 3]],
    [late, [3, 2, 1]],
  ] as const) {
    for (const day of sequence) {
      if (day === 2) await p.redeem(customer, { at: '2026-01-02T09:00', points: 90 });
      else await p.order(customer, { at: `2026-01-0${day}`, amount: '100' });
      await p.work();
    }
  }
  const sums = await p.account(early);
  expect(sums).toMatchObject({ available: 110, spent: 90, debt: 0 });
  expect(await p.account(late)).toEqual(sums);
});

test('who cancels a redemption has the points on the lots they came from', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: '2025-01-10', amount: '30' });
  await p.order(customer, { at: '2025-12-10', amount: '70' });
  const redemption = await p.redeem(customer, { at: '2026-01-05', points: 60 });
  await p.work();
  await p.cancel(redemption, '2026-01-20');
  await p.work();
  // The older lot ended on 10 January: what comes back to it is over at once.
  expect(await p.account(customer)).toMatchObject({ available: 70, spent: 0, expired: 30 });
});

test('multipliers add what they exceed one by; of an exclusive group the first applies', async () => {
  const customer = await p.customer();
  await p.rule({
    code: 'store_double',
    effect: 'multiply',
    factor: '2',
    condition: { order_channel: { eq: 'store' } },
  });
  await p.rule({ code: 'large', effect: 'multiply', factor: '1.5', condition: { amount: { gte: 100 } } });
  await p.rule({
    code: 'bonus_a',
    effect: 'fixed',
    points: 10,
    stacking: 'exclusive',
    priority: 1,
    condition: { amount: { eq: 101 } },
  });
  await p.rule({
    code: 'bonus_b',
    effect: 'fixed',
    points: 20,
    stacking: 'exclusive',
    priority: 2,
    condition: { amount: { eq: 101 } },
  });
  await p.order(customer, { at: '2026-01-05', amount: '101', channel: 'store' });
  await p.work();
  expect(await p.account(customer)).toMatchObject({ available: Math.floor(101 * 2.5) + 25 });
  const decisions = await t.db
    .selectFrom('app.decisions')
    .select(['outcome', 'points'])
    .where('customer_id', '=', customer)
    .orderBy('rule_id')
    .execute();
  expect(decisions).toEqual([
    { outcome: 'granted', points: 252 },
    { outcome: 'granted', points: 25 },
    { outcome: 'outranked', points: 0 },
  ]);
});

test('whoever was born on 29 February has their birthday on the 28th of other years', async () => {
  const rule = await p.rule({ code: 'cake', effect: 'fixed', points: 7, condition: { birthday: { eq: true } } });
  const customer = await p.customer();
  await t.db.updateTable('app.customers').set({ birth_on: '2000-02-29' }).where('id', '=', customer).execute();
  for (const at of ['2026-02-27', '2026-02-28', '2026-03-01', '2028-02-28', '2028-02-29']) {
    await p.order(customer, { at, amount: '1' });
  }
  await p.work();
  const given = await t.db
    .selectFrom('app.points_lots')
    .select('earned_on')
    .where('customer_id', '=', customer)
    .where('rule_id', '=', rule)
    .orderBy('earned_on')
    .execute();
  expect(given.map(({ earned_on }) => earned_on)).toEqual(['2026-02-28', '2028-02-29']);
});

test('somebody who is deleted before anything is worked in leaves nothing behind that waits', async () => {
  const customer = await p.customer();
  const waiting = () => t.db.selectFrom('app.inbox').select('fact_kind').where('customer_id', '=', customer).execute();
  expect(await waiting()).toEqual([{ fact_kind: 'sign_up' }]);
  await t.owner.deleteFrom('app.customers').where('id', '=', customer).execute();
  expect(await waiting()).toEqual([]);
});
