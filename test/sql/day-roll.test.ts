/** Midnight: in any zone, on the odd days of the calendar, twice, broken off and gone on with, and by two at once. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

const open: TestDatabase[] = [];
afterAll(() => Promise.all(open.map((t) => t.close())));

/** An hour of a place as the facts of tests are written, in that of Shanghai. */
async function shanghai(t: TestDatabase, zone: string, local: string): Promise<string> {
  const { rows } = await sql<{ at: string }>`
    select to_char((${local}::timestamp at time zone ${zone}) at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI') as at
  `.execute(t.db);
  return rows[0]!.at;
}

async function place(zone: string) {
  const t = await testDatabase();
  open.push(t);
  await t.owner.updateTable('app.settings').set({ time_zone: zone }).execute();
  const p = await programme(t);
  const midnight = (day: string, seconds = 0) =>
    sql<{ at: string }>`
    select ((${day}::date::timestamp at time zone ${zone}) + make_interval(secs => ${seconds}))::text as at
  `.execute(t.db);
  return {
    t,
    p,
    order: async (customer: number, local: string, amount: string) =>
      p.order(customer, { at: await shanghai(t, zone, local), amount }),
    /** What the midnight at which a day begins brings; `seconds` later or, below zero, earlier. */
    roll: async (day: string, seconds = 0) =>
      settleDay(jobDeps(t), { until_at: (await midnight(day, seconds)).rows[0]!.at }),
  };
}

describe.each(['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe'])('a midnight of %s', (zone) => {
  let here: Awaited<ReturnType<typeof place>>;
  beforeAll(async () => {
    here = await place(zone);
  });

  test.each([
    ['31 January and a month', '2026-01-31 23:59', 1, '2026-03-01'],
    ['29 February and a year', '2024-02-29 12:00', 12, '2025-03-01'],
    ['28 February and four years', '2024-02-28 00:00', 48, '2028-02-29'],
    ['a year to the day', '2025-06-15 08:00', 12, '2026-06-16'],
    ['over the night in which clocks go forward', '2026-02-08 01:00', 1, '2026-03-09'],
    ['over the night in which they go back', '2026-10-01 01:30', 1, '2026-11-02'],
  ])('%s: points last through the day, and not a second longer', async (_case, earned, months, gone_on) => {
    const { p, order, roll } = here;
    const id = await p.rule({
      ...{ code: `m${gone_on.replaceAll('-', '')}${months}`, effect: 'fixed', points: 7 },
      expiry_months: months,
    });
    const customer = await p.customer();
    await order(customer, earned, '1.00');
    await p.work();
    const left = async () =>
      (
        await here.t.db
          .selectFrom('app.points_lots')
          .select('available')
          .where('customer_id', '=', customer)
          .where('rule_id', '=', id)
          .executeTakeFirst()
      )?.available;
    if ((await left()) === undefined) throw new Error('the rule gave nothing');
    await roll(gone_on, -1);
    expect(await left()).toBe(7);
    await roll(gone_on);
    expect(await left()).toBe(0);
  });
});

test('pending points are there from the midnight on, also of a day of 23 or 25 hours', async () => {
  const { p, order, roll } = await place('America/New_York');
  await p.rule({ code: 'pending', effect: 'per_amount', points: 1, per_amount: '1', pending_days: 2 });
  for (const [bought, from] of [
    ['2026-03-07 23:30', '2026-03-09'],
    ['2026-10-31 23:30', '2026-11-02'],
  ] as const) {
    const customer = await p.customer();
    await order(customer, bought, '5');
    await p.work();
    await roll(from, -1);
    expect(await p.account(customer)).toMatchObject({ pending: 5, available: 0 });
    await roll(from);
    expect(await p.account(customer)).toMatchObject({ pending: 0, available: 5 });
  }
});

test('a midnight done twice, broken off and gone on with, or by several at once leads to the same', async () => {
  const until_at = '2026-08-01 00:00+08';
  const ways: ((t: TestDatabase) => Promise<unknown>)[] = [
    (t) => settleDay(jobDeps(t), { until_at }),
    async (t) => {
      await settleDay(jobDeps(t), { until_at });
      expect(await settleDay(jobDeps(t), { until_at })).toBe(0);
    },
    async (t) => {
      let runs = 0;
      await settleDay(jobDeps(t), { until_at, customers: 3, stopped: () => runs++ > 2 });
      // In the middle of the next ones the transaction is lost.
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(t.db);
      const lost = settleDay(jobDeps(t), { until_at, customers: 3 });
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'evergreen' and pid <> ${rows[0]!.pid}
      `.execute(t.owner);
      await lost.catch(() => undefined);
      await settleDay(jobDeps(t), { until_at, customers: 4 });
    },
    (t) => Promise.all([1, 2, 3, 4].map((customers) => settleDay(jobDeps(t), { until_at, customers }))),
  ];
  const ends = await Promise.all(
    ways.map(async (way) => {
      const t = await testDatabase();
      open.push(t);
      const p = await programme(t);
      await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1', expiry_months: 2 });
      await p.rule({ code: 'wait', effect: 'fixed', points: 9, pending_days: 40, expiry_months: 4 });
      await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
      await p.tier({
        ...{ code: 'silver', rank: 1, enter_at: '60', window_days: 30, validity_kind: 'months', validity_months: 1 },
        grace_days: 3,
      });
      for (let at = 0; at < 30; at++) {
        const customer = await p.customer();
        await p.order(customer, { at: `2026-0${3 + (at % 4)}-1${at % 10}`, amount: `${40 + 3 * at}` });
        await p.redeem(customer, { at: `2026-07-0${1 + (at % 9)}`, points: 5 });
      }
      await p.work('2026-07-15 00:00+08');
      await way(t);
      return state(t);
    }),
  );
  expect(ends[0]!.some((row) => (row.expired as number) > 0 && row.tier === 'regular')).toBe(true);
  for (const end of ends) expect(end).toEqual(ends[0]);
});

/** Of each customer, in the order in which they were made: sums, tier, and how often what was booked. */
async function state(t: TestDatabase) {
  const { rows } = await sql<{ [column: string]: unknown }>`
    select
      points_accounts.pending, points_accounts.available, points_accounts.spent, points_accounts.expired,
      points_accounts.due_at, tiers.code as tier, tier_states.valid_until_at,
      (
        select jsonb_agg(jsonb_build_array(kind, points, occurred_at) order by kind, points, occurred_at)
        from app.points_entries
        where points_entries.customer_id = points_accounts.customer_id
      ) as entries,
      (
        select jsonb_agg(jsonb_build_array(reason, changed_at) order by changed_at, reason)
        from app.tier_changes
        where tier_changes.customer_id = points_accounts.customer_id
      ) as changes
    from app.points_accounts
    left join app.tier_states on tier_states.customer_id = points_accounts.customer_id and tier_states.book_id = 0
    left join app.tiers on tiers.id = tier_states.tier_id
    where points_accounts.book_id = 0
    order by points_accounts.customer_id
  `.execute(t.db);
  return rows;
}
