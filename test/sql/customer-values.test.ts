/** What the programme expects of its customers, worked out from their orders by the job. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { GOLDEN, loadCdnow } from './golden-files.ts';
import { jobDeps } from './segments.ts';

describe.skipIf(!GOLDEN)('one CDNOW customer in ten, 39 weeks', () => {
  const DAY = '1997-10-01';
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
    await loadCdnow(t, 'sample');
    await run('refresh_rollups');
    await run('customer_values');
  });
  afterAll(() => t?.close());

  async function run(job: string, day = DAY): Promise<number> {
    const done = await runJob(jobDeps(t), job, day);
    expect(done).toMatchObject({ state: 'done', error: null });
    return done.rows_written;
  }
  const valued = () => t.db.selectFrom('base.customer_values').selectAll().orderBy('customer_id').execute();

  test('the published model is fitted', async () => {
    const model = await t.db.selectFrom('app.value_models').selectAll().executeTakeFirstOrThrow();
    expect(model).toMatchObject({ as_of_on: DAY, customer_count: 2357, repeat_count: 2457, fitted_customers: 2357 });
    expect(model.r).toBeCloseTo(0.2426, 2);
    expect(model.alpha).toBeCloseTo(4.41, 0);
    expect(model.a).toBeCloseTo(0.793, 1);
    expect(model.p).toBeCloseTo(6.25, 0);
    expect(model.q).toBeCloseTo(3.74, 0);
  });

  test('what it would have expected of the last quarter is near what came', async () => {
    const { check_expected, check_actual } = await t.db
      .selectFrom('app.value_models')
      .select(['check_expected', 'check_actual'])
      .executeTakeFirstOrThrow();
    expect(Number(check_actual)).toBeGreaterThan(500);
    expect(Math.abs(Number(check_expected) / Number(check_actual) - 1)).toBeLessThan(0.15);
  });

  test('everybody with an order has a value; whoever stays away counts less, and is named', async () => {
    const rows = await valued();
    expect(rows).toHaveLength(2357);
    for (const row of rows) {
      expect(Number(row.alive_rate)).toBeGreaterThanOrEqual(0);
      expect(Number(row.expected_orders)).toBeGreaterThanOrEqual(0);
      expect(row.quiet_days).toBeGreaterThan(0);
    }
    const risky = rows.filter(({ churn_risk }) => churn_risk === 'high');
    expect(risky.length).toBeGreaterThan(100);
    expect(risky.every(({ churn_reason }) => churn_reason !== 'in_rhythm')).toBe(true);
    expect(risky.every(({ suggested_action }) => suggested_action !== 'none')).toBe(true);
    expect(new Set(rows.map(({ suggested_action }) => suggested_action))).toEqual(
      new Set(['none', 'message', 'coupon', 'contact']),
    );
  });

  test('the same day again changes nothing, and an earlier one nothing either', async () => {
    const before = await valued();
    expect(await run('customer_values')).toBe(2357);
    expect(await valued()).toEqual(before);
    expect(await run('customer_values', '1997-08-01')).toBe(0);
    expect(await valued()).toEqual(before);
  });

  test.each([
    ['margin_rate', '0.5', 0.5, 0.5],
    ['yearly_discount_rate', '1', 0.6, 0.8],
  ] as const)('%s of the settings changes what they are worth', async (setting, value, least, most) => {
    const sum = async () => {
      await run('customer_values');
      return (await valued()).reduce((total, { expected_amount }) => total + Number(expected_amount), 0);
    };
    const before = await sum();
    const { [setting]: old } = await t.owner.selectFrom('app.settings').select(setting).executeTakeFirstOrThrow();
    await t.owner
      .updateTable('app.settings')
      .set({ [setting]: value })
      .execute();
    const share = (await sum()) / before;
    await t.owner
      .updateTable('app.settings')
      .set({ [setting]: old })
      .execute();
    expect(share).toBeGreaterThan(least - 0.01);
    expect(share).toBeLessThan(most + 0.01);
  });

  test('whoever has nothing left to count goes', async () => {
    await run('customer_values');
    const [first] = await valued();
    await t.owner.deleteFrom('app.customer_day').where('customer_id', '=', first!.customer_id).execute();
    await run('customer_values', '1997-10-02');
    const rows = await valued();
    expect(rows.some(({ customer_id }) => customer_id === first!.customer_id)).toBe(false);
    expect(new Set(rows.map(({ as_of_on }) => as_of_on))).toEqual(new Set(['1997-10-02']));
  });
});

test('too few customers are told nothing about', async () => {
  const t = await testDatabase();
  try {
    const done = await runJob(jobDeps(t), 'customer_values', '2026-06-01');
    expect(done).toMatchObject({ state: 'done', rows_written: 0 });
    expect(await t.db.selectFrom('app.value_models').select('as_of_on').execute()).toEqual([]);
  } finally {
    await t.close();
  }
});
