/** What becomes of points: a triangle worked out by hand, and what the outstanding ones are expected to cost. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let customer_id: number;
beforeAll(async () => {
  t = await testDatabase();
  ({ id: customer_id } = await t.db
    .insertInto('app.customers')
    .values({ external_id: 'a', enrolled_on: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow());
});
afterAll(() => t?.close());

/** A thousand points earned in a month, of which so many are spent at each age. */
async function vintage(origin: number, month: string, spent: readonly number[], { reversed = 0 } = {}): Promise<void> {
  const used = spent.reduce((sum, each) => sum + each, 0);
  await sql`
    insert into app.points_lots (
      customer_id, origin_kind, origin_id, rule_id, account, earned_at, earned_on, available_at, raw_points,
      issued, available, spent, reversed
    )
    values (${customer_id}, 'order', ${origin}, 1, 'points', ${`${month}-10T04:00Z`}, ${`${month}-10`}, ${`${month}-10T04:00Z`},
      ${1000 + reversed}, ${1000 + reversed}, ${1000 - used}, ${used}, ${reversed})
  `.execute(t.owner);
  for (const [age, points] of spent.entries()) {
    if (points === 0) continue;
    await sql`
      insert into app.points_entries (
        customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
      )
      values (${customer_id}, ${points > 0 ? 'spend' : 'restore'}, 'order', ${origin}, 1, 'points', 'reserved', 'spent', ${Math.abs(points)},
        'confirm', ${origin}, ${`${month}-15T04:00Z`}::timestamptz + make_interval(months => ${age}))
    `.execute(t.owner);
  }
}
async function run(day: string): Promise<number> {
  const done = await runJob(jobDeps(t), 'points_vintages', day);
  expect(done).toMatchObject({ state: 'done', error: null });
  return done.rows_written;
}
const months = () => t.db.selectFrom('report.points_vintages').selectAll().orderBy('earned_month_on').execute();

test('younger months are expected to go the way of the older ones, step by step', async () => {
  await vintage(1, '2026-01', [100, 100, 50]);
  await vintage(2, '2026-02', [120, 120], { reversed: 300 });
  await vintage(3, '2026-03', [80]);
  await run('2026-04-01');
  // From the first age to the second (200 + 240) / (100 + 120) = 2, on to the third 250 / 200 = 1.25.
  expect(await months()).toEqual([
    row('2026-01-01', {
      latest_age: 2,
      redeemed_points: 250,
      outstanding_points: 750,
      expected_points: 0,
      unredeemed_points: 750,
    }),
    row('2026-02-01', {
      latest_age: 1,
      redeemed_points: 240,
      outstanding_points: 760,
      expected_points: 60,
      unredeemed_points: 700,
    }),
    row('2026-03-01', {
      latest_age: 0,
      redeemed_points: 80,
      outstanding_points: 920,
      expected_points: 120,
      unredeemed_points: 800,
    }),
  ]);
  // Three months of issue say nothing about the end.
  expect(await t.db.selectFrom('report.points_liability_days').selectAll().execute()).toEqual([]);
});

test('from half a year of issue on, what is outstanding has its expected cost; no more than is left', async () => {
  for (const [at, month] of ['2025-10', '2025-11', '2025-12'].entries()) await vintage(10 + at, month, []);
  await t.owner.updateTable('app.points_policies').set({ point_value: '0.05' }).execute();
  await run('2026-04-01');
  const [day] = await t.db.selectFrom('report.points_liability_days').selectAll().execute();
  // 180 points at 0.05; of 6,000 issued 570 redeemed and 180 to be: breakage 5,250 / 6,000.
  expect(day).toMatchObject({
    as_of_on: '2026-04-01',
    expected_points: 180,
    liability_amount: '9.00',
    vintage_months: 6,
  });
  expect(Number(day!.breakage_rate)).toBeCloseTo(0.875, 6);
  expect(day!.outstanding_points).toBe(750 + 760 + 920 + 3000);
});

test('a month that goes on is not held against a whole one; given back is not redeemed; again writes nothing', async () => {
  await vintage(20, '2026-04', [500]);
  await run('2026-04-20');
  expect((await months()).map(({ earned_month_on }) => earned_month_on)).not.toContain('2026-04-01');
  expect(await run('2026-04-20')).toBe(0);
  expect(await run('2026-04-01')).toBe(0);
  await vintage(21, '2026-03', [200, -150]);
  await run('2026-05-01');
  const march = (await months()).find(({ earned_month_on }) => earned_month_on === '2026-03-01');
  expect(march).toMatchObject({ latest_age: 1, issued_points: 2000, redeemed_points: 130 });
});

test('what months redeemed is what the ledger says was spent and not given back', async () => {
  const { rows } = await sql<{ spent: string }>`
    select sum(case kind when 'spend' then points when 'restore' then -points end)::text as spent
    from app.points_entries where account = 'points' and occurred_at < '2026-05-01'
  `.execute(t.owner);
  const sum = (await months()).reduce((total, { redeemed_points }) => total + redeemed_points!, 0);
  expect(sum).toBe(Number(rows[0]!.spent));
});

function row(earned_month_on: string, rest: { [figure: string]: number }): { [figure: string]: number | string } {
  return { earned_month_on, issued_points: 1000, ...rest };
}
