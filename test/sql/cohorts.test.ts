/** Cohorts: who came back, by their own thirty days and by the calendar; what is not over stays apart. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { GOLDEN, loadOnlineRetail } from './golden-files.ts';
import { jobDeps } from './segments.ts';

async function run(t: TestDatabase, job: string, day: string): Promise<number> {
  const done = await runJob(jobDeps(t), job, day);
  expect(done).toMatchObject({ state: 'done', error: null });
  return done.rows_written;
}
const steps = (t: TestDatabase, kind: string) =>
  t.db
    .selectFrom('report.cohort_steps')
    .select(['cohort_on', 'step', 'cohort_count', 'customer_count', 'buyer_count', 'net_amount', 'mature'])
    .where('kind', '=', kind)
    .orderBy('cohort_on')
    .orderBy('step')
    .execute();

describe('a handful of customers', () => {
  let t: TestDatabase;
  const people: number[] = [];
  const order = async (customer: number, day: string, amount: number) => {
    await t.db
      .insertInto('app.orders')
      .values({
        ...{ customer_id: people[customer]!, source: 't', external_id: `${customer} ${day}` },
        ...{ placed_at: `${day}T04:00:00Z`, placed_on: day, amount },
      })
      .execute();
    await sql`select ops.mark_dirty('orders', array[${day}]::date[])`.execute(t.db);
  };
  beforeAll(async () => {
    t = await testDatabase();
    for (const external_id of ['a', 'b', 'c']) {
      const { id } = await t.db
        .insertInto('app.customers')
        .values({ external_id, enrolled_on: '2026-01-01' })
        .returning('id')
        .executeTakeFirstOrThrow();
      people.push(id);
    }
    // a comes back on day 30 and on day 31 after the first; b not within the first thirty, and only later; c begins in February.
    await order(0, '2026-01-01', 100);
    await order(0, '2026-01-31', 10);
    await order(0, '2026-02-01', 20);
    await order(1, '2026-01-31', 50);
    await order(1, '2026-03-05', 5);
    await order(2, '2026-02-10', 70);
    await run(t, 'refresh_rollups', '2026-03-06');
  });
  afterAll(() => t?.close());

  test('by their own days: the thirtieth is the first step, the next the second; whom a step has not reached is not counted', async () => {
    await run(t, 'cohorts', '2026-03-06');
    expect(await steps(t, 'days')).toEqual([
      // b's first thirty days end on 2 March, the next thirty are not over.
      {
        cohort_on: '2026-01-01',
        step: 1,
        cohort_count: 2,
        customer_count: 2,
        buyer_count: 1,
        net_amount: '10.00',
        mature: true,
      },
      {
        cohort_on: '2026-01-01',
        step: 2,
        cohort_count: 2,
        customer_count: 1,
        buyer_count: 1,
        net_amount: '20.00',
        mature: false,
      },
      // c's thirty days end on 12 March.
    ]);
  });

  test('by the calendar: what a month brought of whom; the month that goes on is not mature', async () => {
    expect(await steps(t, 'months')).toEqual([
      {
        cohort_on: '2026-01-01',
        step: 0,
        cohort_count: 2,
        customer_count: 2,
        buyer_count: 2,
        net_amount: '160.00',
        mature: true,
      },
      {
        cohort_on: '2026-01-01',
        step: 1,
        cohort_count: 2,
        customer_count: 2,
        buyer_count: 1,
        net_amount: '20.00',
        mature: true,
      },
      {
        cohort_on: '2026-01-01',
        step: 2,
        cohort_count: 2,
        customer_count: 2,
        buyer_count: 1,
        net_amount: '5.00',
        mature: false,
      },
      {
        cohort_on: '2026-02-01',
        step: 0,
        cohort_count: 1,
        customer_count: 1,
        buyer_count: 1,
        net_amount: '70.00',
        mature: true,
      },
      {
        cohort_on: '2026-02-01',
        step: 1,
        cohort_count: 1,
        customer_count: 1,
        buyer_count: 0,
        net_amount: '0.00',
        mature: false,
      },
    ]);
  });

  test('the same day again writes nothing, an earlier one neither; a late order is in the next', async () => {
    const before = await steps(t, 'months');
    expect(await run(t, 'cohorts', '2026-03-06')).toBe(0);
    expect(await run(t, 'cohorts', '2026-02-01')).toBe(0);
    expect(await steps(t, 'months')).toEqual(before);
    await order(2, '2026-03-01', 9);
    await run(t, 'refresh_rollups', '2026-03-06');
    expect(await run(t, 'cohorts', '2026-03-06')).toBeGreaterThan(0);
    const [late] = (await steps(t, 'months')).filter(({ cohort_on, step }) => cohort_on === '2026-02-01' && step === 1);
    expect(late).toMatchObject({ buyer_count: 1, net_amount: '9.00' });
  });

  test('what all cohorts spent in their months is what their customers spent', async () => {
    const { rows } = await sql<{ spent: string }>`
      select sum(amount)::text as spent from app.orders where placed_on < '2026-03-06'
    `.execute(t.owner);
    const sum = (await steps(t, 'months')).reduce((total, { net_amount }) => total + Number(net_amount), 0);
    expect(sum).toBe(Number(rows[0]!.spent));
  });
});

describe.skipIf(!GOLDEN)('Online Retail', () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
    await loadOnlineRetail(t);
    await run(t, 'refresh_rollups', '2011-12-10');
    await run(t, 'cohorts', '2011-12-10');
  }, 120_000);
  afterAll(() => t?.close());

  test('the first thirty days of all cohorts are the published 30-day repurchase, 782 of 4,101', async () => {
    const first = (await steps(t, 'days')).filter(({ step }) => step === 1);
    expect(first.reduce((sum, { customer_count }) => sum + customer_count!, 0)).toBe(4101);
    expect(first.reduce((sum, { buyer_count }) => sum + buyer_count!, 0)).toBe(782);
    // November's last customers have not had thirty days: the cohort is no rate yet.
    expect(first.at(-1)).toMatchObject({ cohort_on: '2011-11-01', mature: false });
  });

  test('no step has more buyers than customers, and every cohort is whole in its own month', async () => {
    for (const row of [...(await steps(t, 'days')), ...(await steps(t, 'months'))]) {
      expect(row.buyer_count).toBeLessThanOrEqual(row.customer_count!);
      expect(row.customer_count).toBeLessThanOrEqual(row.cohort_count!);
    }
    const own = (await steps(t, 'months')).filter(({ step }) => step === 0);
    expect(own.every(({ buyer_count, cohort_count }) => buyer_count === cohort_count)).toBe(true);
    expect(own.reduce((sum, { cohort_count }) => sum + cohort_count!, 0)).toBe(4338);
  });
});
