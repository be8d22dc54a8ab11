/** What follows from facts: noted with the books, done once, by however many processes, killed wherever. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { followUp } from '../../api/engine/follow-ups.ts';
import type { Follower } from '../../api/engine/followers.ts';
import { processCustomers, processFacts } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let deps: ReturnType<typeof jobDeps>;
const AT = '2030-01-01 00:00+08';

/** Counts how often it heard of a fact; `before` may fail in its name. */
const listener = (before: () => Promise<void> = async () => {}): Follower => ({
  name: 'listener',
  wanted: 'listener_wanted',
  follow: async (trx, _deps, { customers, ids }) => {
    await sql`select ops.listener_follow(${`{${customers.join(',')}}`}::bigint[], ${`{${ids.join(',')}}`}::bigint[])`.execute(
      trx,
    );
    await before();
  },
});

beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  deps = jobDeps(t);
  for (const statement of [
    'create table app.listener_kinds (kinds text[] not null)',
    "insert into app.listener_kinds values ('{order,return}')",
    'create table app.heard (customer_id bigint, fact_kind text, fact_id bigint, gone boolean, again boolean)',
    'grant all on app.listener_kinds, app.heard to public',
    'create function ops.listener_wanted() returns text[] stable language sql as $$ select kinds from app.listener_kinds $$',
    `create function ops.listener_follow(customers bigint[], ids bigint[]) returns void language sql as $$
       insert into app.heard
       select customer_id, fact_kind, fact_id, occurred_at is null, again from app.follow_ups
       where customer_id = any (customers) and id = any (ids) and follower = 'listener'
     $$`,
    'grant execute on all functions in schema ops to public',
  ])
    await sql.raw(statement).execute(t.owner);
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const table of ['heard', 'follow_ups', 'inbox']) await sql`delete from ${sql.id('app', table)}`.execute(t.owner);
  await sql`update app.listener_kinds set kinds = '{order,return}'`.execute(t.owner);
});

const work = (followers = [listener()]) => processFacts(deps, { until_at: AT, followers });
const follow = (follower = listener(), customers = 500) => followUp(deps, { at: AT, followers: [follower], customers });
async function heard() {
  const { rows } = await sql<{
    customer_id: number;
    fact_kind: string;
    fact_id: number;
    gone: boolean;
    again: boolean;
  }>`
    select customer_id, fact_kind, fact_id, gone, again from app.heard order by fact_kind, fact_id
  `.execute(t.owner);
  return rows;
}
const waiting = async () =>
  Number((await t.db.selectFrom('app.follow_ups').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()).n);

test('a fact that is worked in is followed up once, and only kinds that are wanted', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2025-03-01', amount: '100' });
  await p.event(customer, { at: '2025-03-02', kind: 'check_in' });
  await work();
  expect(await waiting()).toBe(1);
  expect(await follow()).toBe(1);
  expect(await follow()).toBe(0);
  expect(await heard()).toEqual([
    { customer_id: customer, fact_kind: 'order', fact_id: order.id, gone: false, again: false },
  ]);
});

test('a follower that wants nothing is told nothing', async () => {
  await sql`update app.listener_kinds set kinds = '{}'`.execute(t.owner);
  const customer = await p.customer();
  await p.order(customer, { at: '2025-03-01', amount: '100' });
  await work();
  expect(await waiting()).toBe(0);
  await work([]);
});

test('a late fact is news, the history that is done again for it is not', async () => {
  const customer = await p.customer();
  for (const day of ['01', '02', '03']) await p.order(customer, { at: `2025-03-${day}`, amount: '100' });
  await work();
  await follow();
  await sql`delete from app.heard`.execute(t.owner);
  const late = await p.order(customer, { at: '2025-02-01', amount: '50' });
  await work();
  await follow();
  expect((await heard()).map((each) => each.fact_id)).toEqual([late.id]);
});

test('an order that is cancelled is news too: it is gone', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2025-03-01', amount: '100' });
  await work();
  await follow();
  await sql`delete from app.heard`.execute(t.owner);
  await t.db.updateTable('app.orders').set({ status: 'cancelled' }).where('id', '=', order.id).execute();
  await work();
  await follow();
  expect(await heard()).toEqual([
    { customer_id: customer, fact_kind: 'order', fact_id: order.id, gone: true, again: true },
  ]);
});

test('what lies ahead is followed up when its time has come', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: '2031-03-01', amount: '100' });
  await work();
  expect(await waiting()).toBe(0);
  await processFacts(deps, { until_at: '2032-01-01 00:00+08', followers: [listener()] });
  expect(await waiting()).toBe(1);
});

test('a run that fails notes nothing, and a follower that fails leaves everything to the next time', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2025-03-01', amount: '100' });
  await expect(
    t.db.transaction().execute(async (trx) => {
      await processCustomers(trx, deps, { until_at: AT, only: [customer] });
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  expect(await waiting()).toBe(0);
  await work();
  let times = 0;
  const failing = listener(async () => {
    if (++times === 1) throw new Error('killed half way');
  });
  await expect(follow(failing)).rejects.toThrow('killed half way');
  expect(await heard()).toEqual([]);
  expect(await follow(failing)).toBe(1);
  expect((await heard()).map((each) => each.fact_id)).toEqual([order.id]);
});

test('whoever is worked at this moment is left alone, and everybody is followed up once by four processes', async () => {
  const customers: number[] = [];
  for (let at = 0; at < 40; at++) customers.push(await p.customer());
  for (let round = 0; round < 3; round++) {
    for (const customer of customers) await p.order(customer, { at: `2025-04-0${round + 1}`, amount: '10' });
    await work();
  }
  const held = customers[0]!;
  const holder = await t.pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select from app.points_accounts where customer_id = $1 and book_id = 0 for update', [held]);
    // In small bites, with somebody dying now and then.
    let bites = 0;
    const hasty = listener(async () => {
      if (++bites % 5 === 0) throw new Error('killed');
    });
    const process = async () => {
      for (let turn = 0; turn < 60; turn++) await follow(hasty, 3).catch(() => 0);
    };
    await Promise.all([process(), process(), process(), process()]);
    const facts = await heard();
    expect(new Set(facts.map((each) => each.customer_id)).has(held)).toBe(false);
    expect(facts.length).toBe(39 * 3);
    expect(new Set(facts.map((each) => each.fact_id)).size).toBe(39 * 3);
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  await follow();
  expect((await heard()).length).toBe(40 * 3);
  expect(await waiting()).toBe(0);
});

test('a customer who cannot be followed up keeps nobody else waiting', async () => {
  const customers = [];
  for (let at = 0; at < 7; at++) {
    const customer = await p.customer();
    customers.push(customer);
    await p.order(customer, { at: '2025-03-01', amount: '100' });
  }
  await work();
  const poisoned = [customers[0]!, customers[4]!];
  const failing: Follower = {
    ...listener(),
    follow: async (trx, given, what) => {
      if (what.customers.some((customer) => poisoned.includes(customer))) throw new Error('this one not');
      await listener().follow(trx, given, what);
    },
  };
  await expect(follow(failing)).rejects.toThrow('this one not');
  expect((await heard()).map(({ customer_id }) => customer_id).sort()).toEqual(
    customers.filter((customer) => !poisoned.includes(customer)).sort(),
  );
  expect(await waiting()).toBe(2);
  expect(await follow()).toBe(2);
});
