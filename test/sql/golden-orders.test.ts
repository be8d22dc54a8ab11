import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { GOLDEN, loadCdnow, loadOnlineRetail } from './golden-files.ts';
import { jobDeps } from './segments.ts';

async function totals(t: TestDatabase) {
  const row = await t.db.selectFrom('report.order_totals').selectAll().executeTakeFirstOrThrow();
  return {
    ...row,
    aov: (Number(row.gross_amount) / row.order_count!).toFixed(4),
    repurchase: ((100 * row.repeat_buyer_count!) / row.buyer_count!).toFixed(4),
    repurchase_30d: ((100 * row.repurchased_30d_count!) / row.mature_new_customer_count!).toFixed(4),
  };
}

describe.skipIf(!GOLDEN)('orders of Online Retail', () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
    await loadOnlineRetail(t);
    await runJob(jobDeps(t), 'refresh_rollups', '2011-12-10');
  }, 60_000);
  afterAll(() => t?.close());

  it('have the published totals, with immature customers left out of the 30-day rate', async () => {
    expect(await totals(t)).toMatchObject({
      observed_until: '2011-12-10',
      order_count: 18_532,
      gross_amount: '8911407.90',
      net_amount: '8300065.81',
      buyer_count: 4_338,
      repeat_buyer_count: 2_845,
      mature_new_customer_count: 4_101,
      repurchased_30d_count: 782,
      aov: '480.8660',
      repurchase: '65.5832',
      repurchase_30d: '19.0685',
    });
  });

  it('have the published first month', async () => {
    const month = await t.db
      .selectFrom('report.order_months')
      .select(['order_count', 'buyer_count', 'gross_amount', 'aov_gross', 'partial'])
      .where('month_on', '=', '2010-12-01')
      .executeTakeFirstOrThrow();

    expect(month).toEqual({
      order_count: 1_400,
      buyer_count: 885,
      gross_amount: '572713.89',
      aov_gross: '409.08',
      partial: false,
    });
  });

  it('add up the same by day, month and in all', async () => {
    const sums = await sql<{ days: string; months: string; customers: string; new_days: number; new_months: number }>`
      select
        (select sum(order_days.net_amount) from report.order_days) as days,
        (select sum(order_months.net_amount) from report.order_months) as months,
        (select sum(customer_days.gross_amount - customer_days.returned_amount) from report.customer_days) as customers,
        (select sum(new_customer_days.repurchased_30d_count) from report.new_customer_days where mature)::integer as new_days,
        (select sum(order_months.repurchased_30d_count) from report.order_months)::integer as new_months
    `.execute(t.db);

    expect(sums.rows[0]).toEqual({
      days: '8300065.81',
      months: '8300065.81',
      customers: '8300065.81',
      new_days: 782,
      new_months: 782,
    });
  });
});

describe.skipIf(!GOLDEN)('orders of CDNOW', () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
    await loadCdnow(t, 'master');
    await runJob(jobDeps(t), 'refresh_rollups', '1998-07-01');
  }, 60_000);
  afterAll(() => t?.close());

  it('have the published totals', async () => {
    expect(await totals(t)).toMatchObject({
      order_count: 69_659,
      gross_amount: '2500315.63',
      buyer_count: 23_570,
      mature_new_customer_count: 23_570,
      repurchased_30d_count: 4_115,
    });
    const { aov, repurchase, repurchase_30d } = await totals(t);
    expect([aov, repurchase, repurchase_30d].map((figure) => Number(figure).toFixed(2))).toEqual([
      '35.89',
      '49.48',
      '17.46',
    ]);
  });
});
