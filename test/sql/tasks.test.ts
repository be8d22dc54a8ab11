/** Tasks: begun, reached, given for, lapsed, taken back and given again, as the facts say and nothing else. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { coupons } from './coupons.ts';
import { programme } from './points.ts';
import { tasksOf } from './tasks.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let k: ReturnType<typeof tasksOf>;
let second: number;
let invite: number;

beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  k = tasksOf(t);
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  second = await k.template({ code: 'second_fifty', amount: '50' });
  invite = await k.template({ code: 'invite_twenty', amount: '20' });
});
afterAll(() => t.close());
beforeEach(async () => {
  // Tasks of one test are no tasks of the next.
  await t.db.updateTable('app.tasks').set({ status: 'retired' }).execute();
  await sql`
    select ops.keep_version('tasks', tasks.id, 0, null, '-infinity') from app.tasks
  `.execute(t.db);
});

let codes = 0;
const ladder = (more: object = {}) =>
  k.task({
    code: `ladder_${++codes}`,
    trigger: 'first_order',
    steps: [
      { goal: 'orders', target: 1, within_hours: 72, coupon_template_id: second },
      { goal: 'friends', target: 1, times: 2, coupon_template_id: invite },
    ],
    ...more,
  });

test('a second order within three days gives a coupon, one after that does not', async () => {
  const task = await ladder();
  const [soon, late] = [await p.customer(), await p.customer()];
  for (const customer of [soon, late]) await p.order(customer, { at: '2025-03-01', amount: '100' });
  await p.order(soon, { at: '2025-03-04T11:59', amount: '10' });
  await p.order(late, { at: '2025-03-04T12:00', amount: '10' });
  await k.work();
  expect(await k.reached(soon, task)).toEqual(['1.1 2025-03-04']);
  expect(await k.grants(soon, task)).toEqual(['coupon given']);
  expect(await k.coupons(soon)).toEqual(['claimed']);
  expect(await k.reached(late, task)).toEqual([]);
  expect(await k.coupons(late)).toEqual([]);
});

test('each of two friends who register gives a coupon; a third, oneself and an unknown number give none', async () => {
  const task = await ladder();
  const customer = await p.customer();
  const code = await k.code(customer);
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  await k.friend(code, '2025-03-05', `${code}-a`);
  await k.work();
  expect(await k.coupons(customer)).toEqual(['claimed']);
  await k.friend(code, '2025-03-07', `${code}-b`);
  await k.friend(code, '2025-03-06', `${code}-c`);
  await k.friend('nobody', '2025-03-06', `${code}-d`);
  await t.db.updateTable('app.customers').set({ referrer_code: code }).where('id', '=', customer).execute();
  await k.work();
  expect(await k.reached(customer, task)).toEqual(['2.1 2025-03-05', '2.2 2025-03-06']);
  expect(await k.coupons(customer)).toEqual(['claimed', 'claimed']);
});

test('an order that comes back takes the coupon along, and one that was used stays', async () => {
  const task = await ladder();
  const [fresh, used] = [await p.customer(), await p.customer()];
  const orders = [];
  for (const customer of [fresh, used]) {
    await p.order(customer, { at: '2025-03-01', amount: '100' });
    orders.push(await p.order(customer, { at: '2025-03-02', amount: '10' }));
  }
  await k.work();
  await sql`update app.coupons set status = 'redeemed', redeemed_at = now() where customer_id = ${used}`.execute(
    t.owner,
  );
  for (const order of orders) await refunded(order, '10');
  await k.work();
  expect(await k.reached(fresh, task)).toEqual([]);
  expect(await k.coupons(fresh)).toEqual(['void']);
  expect(await k.grants(fresh, task)).toEqual(['coupon taken_back']);
  expect(await k.coupons(used)).toEqual(['redeemed']);
  expect(await k.grants(used, task)).toEqual(['coupon kept']);

  // Another order within its time: given again, once, and not to whoever has it still.
  for (const customer of [fresh, used]) await p.order(customer, { at: '2025-03-03', amount: '30' });
  await k.work();
  await k.review([fresh, used]);
  expect(await k.coupons(fresh)).toEqual(['void', 'claimed']);
  expect(await k.grants(fresh, task)).toEqual(['coupon taken_back', 'coupon given']);
  expect(await k.coupons(used)).toEqual(['redeemed']);
  expect(await k.grants(used, task)).toEqual(['coupon given']);
});

test('a coupon that waits for a completed task may be used from then on; one that is given for it waits for the next', async () => {
  const c = await coupons(t);
  const waiting = { activation: 'event', activation_event: 'task_completed' };
  const [held, given] = [await c.template(waiting), await c.template(waiting)];
  await k.task({
    code: `wakes_${++codes}`,
    trigger: 'first_order',
    steps: [{ goal: 'orders', target: 1, times: 2, coupon_template_id: given }],
  });
  const customer = await p.customer();
  await c.issue(held, [customer], undefined, { at: '2025-03-01T00:00:00+08' });
  const states = async () => {
    const rows = await t.db
      .selectFrom('app.coupons')
      .select(['template_id', 'status'])
      .where('customer_id', '=', customer)
      .orderBy('id')
      .execute();
    return rows.map(({ template_id, status }) => `${template_id === held ? 'held' : 'given'} ${status}`);
  };
  expect(await states()).toEqual(['held inactive']);
  await p.order(customer, { at: '2025-03-02', amount: '100' });
  await p.order(customer, { at: '2025-03-03', amount: '10' });
  await k.work();
  expect(await states()).toEqual(['held claimed', 'given inactive']);
});

test('when the first order comes back the next one is the first', async () => {
  const task = await ladder();
  const customer = await p.customer();
  const first = await p.order(customer, { at: '2025-03-01', amount: '100' });
  await p.order(customer, { at: '2025-03-02', amount: '10' });
  await k.work();
  await refunded(first, '100');
  await k.work();
  expect(await k.reached(customer, task)).toEqual([]);
  expect(await k.coupons(customer)).toEqual(['void']);
});

test('points are given for a step, taken back as far as they are there, and that much is given again', async () => {
  const task = await k.task({ code: `points_${++codes}`, steps: [{ goal: 'orders', target: 2, points: 50 }] });
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  const order = await p.order(customer, { at: '2025-03-02', amount: '100' });
  await k.work();
  expect((await p.account(customer))!.available).toBe(50);
  await t.db
    .insertInto('app.points_adjustments')
    .values({ customer_id: customer, points: -30, reason: 'spent', adjusted_at: '2029-01-01' })
    .execute();
  await refunded(order, '100');
  await k.work('2030-02-01');
  expect((await p.account(customer))!.available).toBe(0);
  expect(await k.grants(customer, task)).toEqual(['points taken_back']);
  await p.order(customer, { at: '2025-03-05', amount: '100' });
  await k.work('2030-03-01');
  expect((await p.account(customer))!.available).toBe(20);
});

test('a streak is days without a gap; a broken one begins anew', async () => {
  const task = await k.task({
    code: `streak_${++codes}`,
    steps: [{ goal: 'streak_days', event_kind: 'check_in', target: 3, times: null, points: 10 }],
  });
  const customer = await p.customer();
  // Three, a gap, two, a gap, six; twice on one day is once.
  const days = ['01', '02', '03', '05', '06', '10', '11', '12', '13', '14', '15', '15'];
  for (const day of days) await p.event(customer, { at: `2025-03-${day}`, kind: 'check_in' });
  await k.work('2025-03-16 09:00+08');
  expect(await k.reached(customer, task)).toEqual(['1.1 2025-03-03', '1.2 2025-03-12', '1.3 2025-03-15']);
  expect(await counted(customer, task.id)).toBe(6);
  await k.review([customer], '2025-03-17 09:00+08');
  expect(await counted(customer, task.id)).toBe(0);
});

test('weeks in a row, distinct days, goods reviewed and shares that sell are counted as what they are', async () => {
  const task = await k.task({
    code: `goals_${++codes}`,
    steps: [
      { goal: 'streak_weeks', event_kind: 'check_in', target: 2 },
      { goal: 'days', event_kind: 'check_in', target: 3 },
      { goal: 'reviews', target: 2 },
      { goal: 'shares_sold', target: 1 },
      { goal: 'spend', target: 150 },
      { goal: 'events', event_kind: 'share', target: 2 },
    ],
  });
  const [customer, buyer] = [await p.customer(), await p.customer()];
  await p.event(customer, { at: '2025-03-05', kind: 'check_in' });
  await p.event(customer, { at: '2025-03-06', kind: 'check_in' });
  await p.event(customer, { at: '2025-03-12', kind: 'check_in' });
  const order = await p.order(customer, { at: '2025-03-01', amount: '100' });
  const sold = await p.order(buyer, { at: '2025-03-03', amount: '60' });
  for (const at of ['2025-03-02', '2025-03-03'])
    await p.event(customer, { at, kind: 'review', rating: 5, order_id: order.id });
  await p.event(customer, { at: '2025-03-02', kind: 'share' });
  await p.event(customer, { at: '2025-03-02T13:00', kind: 'share', order_id: sold.id });
  await k.work();
  expect(await k.reached(customer, task)).toEqual([
    '6.1 2025-03-02',
    '4.1 2025-03-03',
    '1.1 2025-03-12',
    '2.1 2025-03-12',
  ]);
  await p.event(customer, { at: '2025-03-20', kind: 'review', rating: 1 });
  await p.order(customer, { at: '2025-03-21', amount: '50' });
  await refunded(sold, '60');
  await k.work();
  expect(await k.reached(customer, task)).toEqual([
    '6.1 2025-03-02',
    '1.1 2025-03-12',
    '2.1 2025-03-12',
    '3.1 2025-03-20',
    '5.1 2025-03-21',
  ]);
  expect(await k.state(customer, task)).toBe('running');
});

test('in order, what is done for a step before its turn is done for nothing', async () => {
  const task = await k.task({
    code: `order_${++codes}`,
    step_order: 'in_order',
    steps: [
      { goal: 'events', event_kind: 'check_in', target: 1 },
      { goal: 'orders', target: 1, within_hours: 24 },
    ],
  });
  const [early, inTime, slow] = [await p.customer(), await p.customer(), await p.customer()];
  await p.order(early, { at: '2025-03-01', amount: '10' });
  for (const customer of [early, inTime, slow]) await p.event(customer, { at: '2025-03-02', kind: 'check_in' });
  await p.order(inTime, { at: '2025-03-02T18:00', amount: '10' });
  await p.order(slow, { at: '2025-03-03T12:00', amount: '10' });
  await k.work();
  const states = await Promise.all([early, inTime, slow].map((customer) => k.state(customer, task)));
  expect(states).toEqual(['lapsed', 'done', 'lapsed']);
  expect(await k.reached(inTime, task)).toEqual(['1.1 2025-03-02', '2.1 2025-03-02']);
});

test('each month is another time', async () => {
  const task = await k.task({
    code: `monthly_${++codes}`,
    repeats: 'period',
    repeat_period: 'month',
    steps: [{ goal: 'orders', target: 2, coupon_template_id: invite }],
  });
  const customer = await p.customer();
  for (const at of ['2025-03-30', '2025-04-01', '2025-04-02', '2025-05-01', '2025-05-31T23:30'])
    await p.order(customer, { at, amount: '10' });
  await k.work();
  expect(await k.reached(customer, task)).toEqual(['2025-04-01: 1.1 2025-04-02', '2025-05-01: 1.1 2025-05-31']);
  expect(await k.coupons(customer)).toEqual(['claimed', 'claimed']);
});

test('who has begun goes on with the version it was then', async () => {
  const task = await ladder();
  const [before, after] = [await p.customer(), await p.customer()];
  await p.order(before, { at: '2025-03-01', amount: '100' });
  await sql`update app.task_steps set within_hours = 24 where id = ${task.steps[0]!}`.execute(t.db);
  await sql`select ops.keep_task_version(${task.id}::bigint, 0, '2025-03-01 18:00+08')`.execute(t.db);
  await p.order(after, { at: '2025-03-01T20:00', amount: '100' });
  for (const customer of [before, after]) await p.order(customer, { at: '2025-03-03', amount: '10' });
  await k.work();
  expect(await k.reached(before, task)).toEqual(['1.1 2025-03-03']);
  expect(await k.reached(after, task)).toEqual([]);
});

test('told in any order, and twice, it comes to the same', async () => {
  const task = await ladder();
  const [straight, mixed] = [await p.customer(), await p.customer()];
  const told = (customer: number) => [
    () => p.order(customer, { at: '2025-03-01', amount: '100' }),
    () => p.order(customer, { at: '2025-03-02', amount: '10' }),
    async () => void (await k.friend(await k.code(customer), '2025-03-03', `f-${customer}`)),
  ];
  for (const say of told(straight)) await say();
  await k.work();
  for (const say of told(mixed).reverse()) {
    await say();
    await k.work();
  }
  expect(await k.reached(mixed, task)).toEqual(await k.reached(straight, task));
  expect((await k.coupons(mixed)).filter((status) => status === 'claimed')).toEqual(await k.coupons(straight));
  expect(await k.review([straight, mixed])).toBe(0);
  expect(await k.coupons(straight)).toEqual(['claimed', 'claimed']);
});

async function refunded(order: { customer: number; id: number; external_id: string }, amount: string): Promise<void> {
  await p.refund({ ...order }, { at: '2025-03-09', amount });
  await t.db
    .updateTable('app.orders')
    .set({ returned_amount: amount })
    .where('customer_id', '=', order.customer)
    .where('id', '=', order.id)
    .execute();
}

async function counted(customer: number, task: number): Promise<number> {
  const row = await t.db
    .selectFrom('app.task_progress')
    .select(sql<number>`(steps -> 0 ->> 'count')::integer`.as('count'))
    .where('customer_id', '=', customer)
    .where('task_id', '=', task)
    .executeTakeFirstOrThrow();
  return row.count;
}
