import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportResult } from '../../api/contract-reports.ts';
import { compileReport } from '../../api/report/compile.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
});
afterAll(async () => {
  reportStore(app.deps).close();
  await t.close();
});

test('every shipped report compiles, runs with its defaults and names no metric that is missing', async () => {
  const entries = await reportStore(app.deps).list();
  expect(entries.length).toBeGreaterThanOrEqual(9);
  for (const entry of entries) {
    expect(entry.problem, entry.slug).toBeNull();
    for (const lang of ['zh', 'en']) {
      const answer = await app.as('administrator')('GET', `/api/_reports/run/${entry.slug}`, undefined, {
        'accept-language': lang,
      });
      expect(answer.status, `${entry.slug}: ${await answer.clone().text()}`).toBe(200);
    }
  }
});

const run = async (address: string) => {
  const answer = await app.as('administrator')('GET', `/api/_reports/run/${address}`);
  return (await answer.json()) as ReportResult;
};

test('the examples of the manual compile as they stand there', async () => {
  const manual = readFileSync(join(REPORTS_FOLDER, '..', 'docs', 'reports.md'), 'utf8');
  const texts = [...manual.matchAll(/```sql\n(\/\*---[\s\S]*?)```/g)].map(([, text]) => text ?? '');
  expect(texts).toHaveLength(2);
  const store = reportStore(app.deps);
  const slug = 'sales/orders-by-weekday';
  const context = {
    pool: t.report,
    time_zone: 'Asia/Shanghai',
    today: '2026-03-10',
    views: [],
    resources: app.deps.resources,
    slugs: [slug],
    metrics: await store.metrics(),
  };
  for (const text of texts) {
    const report = await compileReport({ file: `reports/pages/${slug}.sql`, text }, { slug, context });
    expect(report.sql.views).toEqual(['order_days']);
  }
});

test('months give orders, both AOVs and the repurchase rate with its Wilson interval', async () => {
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    values ('2026-01-05', 'online', true, 300, 30000, 1500), ('2026-01-20', 'store', false, 100, 5000, 0),
      ('2026-02-03', 'online', true, 29, 2900, 0)
  `.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2026-01-01', 263, 81), ('month', '2026-02-01', 29, 1)
  `.execute(t.owner);
  const months = await run('sales/orders-by-month?period=2026-01-01..2026-02-28');
  expect(months.columns).toEqual([
    'month_on',
    'month',
    'orders',
    'aov_gross',
    'aov_net',
    'revenue',
    'net_sales',
    'buyers',
  ]);
  expect(months.rows).toEqual([
    ['2026-01-01', '2026-01', 400, '87.50', '83.75', '35000.00', '33500.00', 263],
    ['2026-02-01', '2026-02', 29, '100.00', '100.00', '2900.00', '2900.00', 29],
  ]);
  const rates = await run('sales/repurchase-by-month?period=2026-01-01..2026-02-28');
  const figures = rates.rows.map((row) => row.slice(1, 6).map((value) => Math.round(Number(value) * 10_000) / 10_000));
  expect(figures).toEqual([
    [0.308, 0.2553, 0.3662, 81, 263],
    [0.0345, 0.0061, 0.1718, 1, 29],
  ]);
  const days = await run('sales/orders-by-day?period=2026-01&channel=store');
  expect(days.rows).toEqual([['2026-01-20', 'store', 100, '5000.00', '5000.00']]);
});

test('the RFM grid adds up to the groups and names the group most of a cell is in', async () => {
  await sql`
    insert into app.rfm_snapshots (as_of_on, customer_count, recency_cuts, frequency_cuts, monetary_cuts)
    values ('2026-03-01', 9, '{}', '{}', '{}'), ('2026-02-01', 99, '{}', '{}', '{}')
  `.execute(t.owner);
  await sql`
    insert into app.rfm_day
      (as_of_on, recency_score, frequency_score, monetary_score, rfm_group, customer_count, order_count, gross_amount, net_amount)
    values ('2026-03-01', 5, 5, 5, 'champions', 4, 40, 4000, 3900), ('2026-03-01', 5, 5, 4, 'potential_loyalist', 3, 20, 900, 900),
      ('2026-03-01', 1, 1, 1, 'lost', 2, 2, 20, 20), ('2026-02-01', 1, 1, 1, 'lost', 99, 99, 99, 99)
  `.execute(t.owner);
  const grid = await run('customers/rfm-grid?_lang=en');
  expect(grid.rows.map((row) => [row[0], row[1], row[3], row[4], row[5]])).toEqual([
    [1, 1, 2, '20.00', '10.00'],
    [5, 5, 7, '4800.00', '685.71'],
  ]);
  expect((await run('customers/rfm-grid?monetary=4')).rows).toHaveLength(1);
  const groups = await run('customers/rfm-groups');
  expect(groups.rows.map((row) => [row[1], row[2], row[3], row[4]]).sort()).toEqual([
    ['champions', 4, 40, '4000.00'],
    ['lost', 2, 2, '20.00'],
    ['potential_loyalist', 3, 20, '900.00'],
  ]);
});
