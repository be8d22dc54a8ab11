/** Told in any order, some of it taken back: what was reached is what counting by hand comes to, and each reward is there once. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Placed, programme } from './points.ts';
import { tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let k: ReturnType<typeof tasksOf>;
let coupon: number;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  k = tasksOf(t);
  coupon = await k.template({ code: 'any_order', amount: '5' });
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  await sql`select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks`.execute(t.db);
});
afterAll(() => t.close());

interface Fact {
  kind: 'order' | 'check_in' | 'friend';
  /** Hours from the beginning. */
  hour: number;
  amount: number;
  comes_back: boolean;
}
const facts = fc.array(
  fc.record({
    kind: fc.constantFrom('order', 'order', 'check_in', 'check_in', 'friend') as fc.Arbitrary<Fact['kind']>,
    hour: fc.integer({ min: 0, max: 24 * 14 }),
    amount: fc.integer({ min: 1, max: 90 }),
    comes_back: fc.boolean(),
  }),
  { minLength: 1, maxLength: 14 },
);
const BEGIN = Date.UTC(2025, 2, 1, 2); // 10:00 in Shanghai
const HOUR = 3_600_000;

/** One unlike the other, so that order at one moment plays no part. */
const apart = (given: Fact[]) => given.map((fact, at) => ({ ...fact, at: BEGIN + fact.hour * HOUR + at * 1_000 }));
type Told = ReturnType<typeof apart>[number];
const dayOf = (at: number) => Math.floor((at + 8 * HOUR) / (24 * HOUR));

/** What the task below asks for, counted the slow way. @returns "step.turn", in the order of steps */
function byHand(told: readonly Told[]): string[] {
  const inTime = [...told].sort((left, right) => left.at - right.at);
  const orders = inTime.filter((fact) => fact.kind === 'order' && !fact.comes_back);
  const [first] = orders;
  if (!first) return [];
  const reached: string[] = [];
  const later = orders.slice(1);
  if (later.some((order) => order.at < first.at + 72 * HOUR)) reached.push('1.1');
  let spent = 0;
  for (const order of later) {
    const before = Math.floor(spent / 50);
    spent += order.amount;
    for (let turn = before + 1; turn <= Math.min(Math.floor(spent / 50), 3); turn++) reached.push(`2.${turn}`);
  }
  const days = [
    ...new Set(inTime.filter((fact) => fact.kind === 'check_in' && fact.at >= first.at).map((fact) => dayOf(fact.at))),
  ];
  let length = 0;
  let streaks = 0;
  for (const [at, day] of days.entries()) {
    length = at > 0 && days[at - 1] === day - 1 ? length + 1 : 1;
    if (length % 2 === 0) reached.push(`3.${++streaks}`);
  }
  const friends = inTime.filter((fact) => fact.kind === 'friend' && fact.at >= first.at).length;
  for (let turn = 1; turn <= Math.min(friends, 2); turn++) reached.push(`4.${turn}`);
  return reached.sort();
}

test('whatever is told in whatever order, what was reached is what counting by hand comes to', {
  timeout: 240_000,
}, async () => {
  const task = await k.task({
    code: 'by_hand',
    trigger: 'first_order',
    steps: [
      { goal: 'orders', target: 1, within_hours: 72, coupon_template_id: coupon },
      { goal: 'spend', target: 50, times: 3, points: 7 },
      { goal: 'streak_days', event_kind: 'check_in', target: 2, times: null, coupon_template_id: coupon },
      { goal: 'friends', target: 1, times: 2, coupon_template_id: coupon },
    ],
  });
  let stories = 0;
  await fc.assert(
    fc.asyncProperty(facts, fc.array(fc.nat(), { minLength: 28, maxLength: 28 }), async (given, keys) => {
      const told = apart(given);
      const customer = await p.customer();
      const code = await k.code(customer);
      const story = ++stories;
      const placed = new Map<Told, Placed>();
      const say: (() => Promise<void>)[] = told.map((fact, at) => async () => {
        const when = new Date(fact.at + 8 * HOUR).toISOString().slice(0, 19);
        if (fact.kind === 'order') placed.set(fact, await p.order(customer, { at: when, amount: String(fact.amount) }));
        if (fact.kind === 'check_in') await p.event(customer, { at: when, kind: 'check_in' });
        if (fact.kind === 'friend')
          await t.db
            .insertInto('app.customers')
            .values({
              external_id: `f-${story}-${at}`,
              referrer_code: code,
              enrolled_at: `${when.replace('T', ' ')}+08`,
              enrolled_on: when.slice(0, 10),
            })
            .execute();
      });
      const shuffled = say.map((each, at) => ({ each, key: keys[at]! })).sort((left, right) => left.key - right.key);
      for (const [at, { each }] of shuffled.entries()) {
        await each();
        if (keys[at + 14]! % 3 === 0) await k.work();
      }
      await k.work();
      for (const [fact, order] of placed) {
        if (!fact.comes_back) continue;
        await p.refund(order, { at: '2025-04-01', amount: String(fact.amount) });
        await t.db
          .updateTable('app.orders')
          .set({ returned_amount: String(fact.amount) })
          .where('customer_id', '=', customer)
          .where('id', '=', order.id)
          .execute();
      }
      await k.work();
      const reached = (await k.reached(customer, task)).map((each) => each.split(' ')[0]!).sort();
      expect(reached).toEqual(byHand(told));

      // As many usable coupons as were reached for, as many points, however often they came and went.
      const coupons = (await k.coupons(customer)).filter((status) => status === 'claimed').length;
      expect(coupons).toBe(reached.filter((each) => !each.startsWith('2.')).length);
      const account = await p.account(customer);
      expect(account?.available ?? 0).toBe(7 * reached.filter((each) => each.startsWith('2.')).length);
      expect(await k.review([customer])).toBe(0);
    }),
    { numRuns: Number(process.env.RUNS ?? 10), seed: 11, endOnFailure: true },
  );
});
