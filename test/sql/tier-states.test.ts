/** Up, kept, in grace and down: what the orders of a customer, time and staff make of the tier. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  await p.rule({ code: 'per_yuan', effect: 'per_amount', points: 1, per_amount: '1' });
});
afterAll(() => t?.close());

/** Regular for everybody, silver for 1,000 in a year, gold for 5,000; each for twelve months. */
beforeEach(async () => {
  await t.owner.deleteFrom('app.programme_versions').where('resource', '=', 'tiers').execute();
  await sql`truncate app.tier_stays, app.tier_states, app.tier_changes, app.tier_grades`.execute(t.owner);
  await t.owner.updateTable('app.tiers').set({ floor_tier_id: null }).execute();
  await t.owner.deleteFrom('app.tiers').execute();
  await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  await silver();
  await gold();
});
type Changes = { [field: string]: unknown };
const silver = (changes: Changes = {}, from?: string) =>
  p.tier(
    { code: 'silver', rank: 1, enter_at: '1000', retain_at: '800', validity_months: 12, grace_days: 0, ...changes },
    from,
  );
const gold = (changes: Changes = {}, from?: string) =>
  p.tier({ code: 'gold', rank: 2, enter_at: '5000', retain_at: '4000', validity_months: 12, ...changes }, from);

async function until(day: string): Promise<void> {
  await p.work(`${day} 00:00+08`);
  await settleDay(jobDeps(t), { until_at: `${day} 00:00+08` });
}

async function state(customer: number) {
  return t.db
    .selectFrom('app.tier_states')
    .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_states.tier_id')
    .select([
      'app.tiers.code',
      sql<string | null>`to_char(valid_until_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')`.as('valid_until'),
      sql<string | null>`to_char(grace_until_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')`.as('grace_until'),
    ])
    .where('customer_id', '=', customer)
    .executeTakeFirst();
}

async function customer(...orders: [at: string, amount: string][]): Promise<number> {
  const id = await p.customer();
  for (const [at, amount] of orders) await p.order(id, { at, amount });
  return id;
}

describe('up', () => {
  test('whoever enrols is in the lowest tier, and rises with the order that reaches the threshold', async () => {
    const id = await customer(['2026-01-05', '999.99'], ['2026-01-20', '0.01']);
    await p.work();
    expect(await p.stays(id)).toEqual(['regular 2020-01-01 enrol', 'silver 2026-01-20 upgrade']);
    expect(await state(id)).toEqual({ code: 'silver', valid_until: '2027-01-20 00:00', grace_until: null });
  });

  test('several at once where one order reaches them', async () => {
    const id = await customer(['2026-01-05', '7000']);
    await p.work();
    expect(await p.stays(id)).toEqual(['regular 2020-01-01 enrol', 'gold 2026-01-05 upgrade']);
  });

  test('spend that is older than the window counts no longer', async () => {
    const id = await customer(['2025-01-05', '600'], ['2026-01-04', '400'], ['2026-01-05', '100']);
    await p.work();
    // On 4 January the first order is 364 days back: it is in; the day after it is not.
    expect(await p.stays(id)).toEqual(['regular 2020-01-01 enrol', 'silver 2026-01-04 upgrade']);
    const late = await customer(['2025-01-05', '600'], ['2026-01-05', '500']);
    await p.work();
    expect(await p.stays(late)).toEqual(['regular 2020-01-01 enrol']);
  });

  test('with the next period where the tier says so, judged by the one that ended', async () => {
    await silver({ window_kind: 'month', upgrade: 'next_period', validity_kind: 'next_period_end' });
    const id = await customer(['2026-01-05', '1500']);
    await until('2026-01-31');
    expect(await state(id)).toMatchObject({ code: 'regular' });
    await until('2026-02-01');
    expect(await state(id)).toEqual({ code: 'silver', valid_until: '2026-04-01 00:00', grace_until: null });
  });

  test('the multiplier of the tier counts from the next order on, and the decision says so', async () => {
    await silver({ point_multiplier: '1.5' });
    const id = await customer(['2026-01-05', '1000'], ['2026-01-06', '100']);
    await p.work();
    expect(await p.account(id)).toMatchObject({ available: 1150 });
    const { detail } = await t.db
      .selectFrom('app.decisions')
      .select('detail')
      .where('customer_id', '=', id)
      .orderBy('occurred_at', 'desc')
      .executeTakeFirstOrThrow();
    expect(detail).toMatchObject({ tier_factor: '1.50', raw_points: '150.0000' });
  });
});

describe('at the end of the validity', () => {
  test('whoever reaches the retain threshold keeps it as long again', async () => {
    const id = await customer(['2026-01-05', '1000'], ['2026-08-01', '800']);
    await until('2027-01-05');
    expect(await state(id)).toEqual({ code: 'silver', valid_until: '2028-01-05 00:00', grace_until: null });
    expect(await p.stays(id)).toHaveLength(2);
  });

  test('whoever does not falls, one step', async () => {
    const id = await customer(['2026-01-05', '6000']);
    await until('2027-01-05');
    expect(await state(id)).toMatchObject({ code: 'silver', valid_until: '2028-01-05 00:00' });
  });

  test('or to what the year comes to, where the tier says so', async () => {
    await gold({ downgrade: 'full' });
    const [nothing, some] = [
      await customer(['2026-01-05', '6000']),
      await customer(['2026-01-05', '6000'], ['2026-08-01', '900']),
    ];
    await until('2027-01-05');
    expect(await p.stays(nothing)).toEqual([
      'regular 2020-01-01 enrol',
      'gold 2026-01-05 upgrade',
      'regular 2027-01-05 downgrade',
    ]);
    expect(await state(some)).toMatchObject({ code: 'silver' });
  });

  test('the grace runs on to the end of its month, an order in it keeps the tier, its end takes it away', async () => {
    await silver({ grace_days: 30, grace_until: 'month_end' });
    const [idle, busy] = [await customer(['2026-01-05', '1000']), await customer(['2026-01-05', '1000'])];
    await until('2027-01-05');
    for (const id of [idle, busy])
      expect(await state(id)).toMatchObject({ code: 'silver', grace_until: '2027-03-01 00:00' });
    await p.order(busy, { at: '2027-02-27', amount: '800' });
    await until('2027-03-01');
    expect(await state(idle)).toMatchObject({ code: 'regular' });
    expect(await state(busy)).toEqual({ code: 'silver', valid_until: '2028-02-27 00:00', grace_until: null });
  });

  test('nobody falls below the floor of a tier they have been in, nor from one that knows no downgrade', async () => {
    const floor = await silver({ grace_days: 0 });
    await gold({ floor_tier_id: floor, downgrade: 'full' });
    const id = await customer(['2026-01-05', '6000']);
    await until('2029-06-01');
    // Silver ends as well, and is kept: it is the floor.
    expect(await p.stays(id)).toEqual([
      'regular 2020-01-01 enrol',
      'gold 2026-01-05 upgrade',
      'silver 2027-01-05 downgrade',
    ]);
    await silver({ downgrade: 'none' });
    const kept = await customer(['2026-01-05', '1000']);
    await until('2029-06-01');
    expect(await state(kept)).toMatchObject({ code: 'silver' });
  });

  test('to come back takes the threshold for that', async () => {
    await silver({ reenter_at: '2000' });
    const id = await customer(['2026-01-05', '1000'], ['2027-02-01', '1500'], ['2027-03-01', '500']);
    await until('2027-02-15');
    expect(await state(id)).toMatchObject({ code: 'regular' });
    await until('2027-03-15');
    expect(await p.stays(id)).toEqual([
      'regular 2020-01-01 enrol',
      'silver 2026-01-05 upgrade',
      'regular 2027-01-05 downgrade',
      'silver 2027-03-01 upgrade',
    ]);
  });
});

describe('a refund', () => {
  test('of what the tier was for takes it away, of something else does not', async () => {
    const id = await p.customer();
    const order = await p.order(id, { at: '2026-01-05', amount: '1100' });
    await p.refund(order, { at: '2026-01-10', amount: '200' });
    await p.work();
    // 900 are left: enough to keep it.
    expect(await state(id)).toMatchObject({ code: 'silver' });
    await p.refund(order, { at: '2026-01-11', amount: '200' });
    await p.work();
    expect(await p.stays(id)).toEqual([
      'regular 2020-01-01 enrol',
      'silver 2026-01-05 upgrade',
      'regular 2026-01-11 refund',
    ]);
  });
});

describe('staff', () => {
  test('give a tier through a day, after which it is looked at', async () => {
    const id = await customer();
    await p.work('2026-01-02 00:00+08');
    const { id: tier_id } = await t.db
      .selectFrom('app.tiers')
      .select('id')
      .where('code', '=', 'gold')
      .executeTakeFirstOrThrow();
    await t.db
      .insertInto('app.tier_grades')
      .values({
        customer_id: id,
        tier_id,
        graded_at: '2026-01-10 12:00+08',
        until_on: '2026-03-31',
        reason: 'a jury member',
      })
      .execute();
    await until('2026-03-31');
    expect(await state(id)).toEqual({ code: 'gold', valid_until: '2026-04-01 00:00', grace_until: null });
    await until('2026-04-01');
    expect(await p.stays(id)).toEqual([
      'regular 2020-01-01 enrol',
      'gold 2026-01-10 manual',
      'silver 2026-04-01 downgrade',
    ]);
  });
});

describe('another structure', () => {
  test('lifts whoever reaches it from its day on, and nobody falls by it before their tier ends', async () => {
    const [low, high] = [await customer(['2026-01-05', '900']), await customer(['2026-01-05', '1200'])];
    await until('2026-02-01');
    await silver({ enter_at: '800', retain_at: '700' }, '2026-03-01 00:00+08');
    await sql`select ops.look_at_tiers()`.execute(t.db);
    await until('2026-03-02');
    expect(await p.stays(low)).toEqual(['regular 2020-01-01 enrol', 'silver 2026-03-01 upgrade']);
    await silver({ enter_at: '3000', retain_at: '3000' }, '2026-04-01 00:00+08');
    await sql`select ops.look_at_tiers()`.execute(t.db);
    await until('2026-06-01');
    expect(await state(high)).toMatchObject({ code: 'silver' });
    await until('2027-01-06');
    expect(await state(high)).toMatchObject({ code: 'regular' });
  });
});

test('an order that comes late has the tier from its own day on, and the change is booked as a correction', async () => {
  const id = await customer(['2026-01-05', '300'], ['2026-02-05', '100']);
  await p.work();
  await p.order(id, { at: '2026-01-20', amount: '700' });
  await p.work();
  expect(await p.stays(id)).toEqual(['regular 2020-01-01 enrol', 'silver 2026-01-20 upgrade']);
  const changes = await t.db
    .selectFrom('app.tier_changes')
    .select(['reason'])
    .where('customer_id', '=', id)
    .orderBy('id')
    .execute();
  expect(changes.map(({ reason }) => reason)).toEqual(['enrol', 'correction']);
});
