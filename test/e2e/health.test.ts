/** The health report by screen: as it is, as it was written, and again after late facts; for phones and in the dark. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, case when day = '2026-01-31' then 1000 else 100 + extract(day from day)::integer % 2 end, 0
    from generate_series('2026-01-01'::date, '2026-01-31', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_value, starts_on)
    values ('orders', 'day', 'number', 12, '2026-01-01')
  `.execute(t.owner);
}, 240_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

test('a day is chosen, read with its figures, and each of its numbers stays as it was written', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  await runJob(browser.app.deps, 'health_report', '2026-02-01');
  await sql`update app.order_day set order_count = 13 where day = '2026-01-31'`.execute(t.owner);
  await runJob(browser.app.deps, 'health_report', '2026-02-01');

  const page = await browser.open('manager', '/reports/health?day=2026-01-31');
  const orders = page.locator('.health-card', { has: page.getByRole('link', { name: '订单数' }) });
  await orders.waitFor();
  expect(await orders.textContent()).toMatch(/^订单数达成132026-01-31/);
  expect(await page.getByText('第 2 版 · 生成于').count()).toBe(1);
  expect(await page.getByText('净销售额 ¥1,000.00，超出平常的', { exact: false }).count()).toBe(1);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'health-report');

  await page.getByRole('combobox', { name: '版本' }).click();
  await page.getByTitle('第 1 版').click();
  await page.getByText('第 1 版 · 生成于').waitFor();
  expect(await orders.textContent()).toMatch(/^订单数未达成102026-01-31/);
  await page.reload();
  await page.getByText('第 1 版 · 生成于').waitFor();
  expect(new URL(page.url()).search).toContain('number=1');

  await page.goto(new URL('/reports/health?day=1999-01-01', page.url()).href);
  await page.getByText('1999-01-01 没有健康日报').waitFor();
  expect(faults.get(page)?.filter((fault) => !fault.includes('404'))).toEqual([]);
});

test('on a phone, in English and in the dark it is the same, and nothing reaches over the edge', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  await sql`
    insert into app.campaigns (code, name, name_en, form, status, goal_metric, goal_measure, goal_value, starts_on)
    values ('long', ${'很长的活动名称'.repeat(10)}, ${'A campaign of many words '.repeat(6)}, 'growth', 'running', 'orders',
      'number', 300, '2026-01-01')
  `.execute(t.owner);
  const page = await browser.open('manager', '/reports/health', { lang: 'en', theme: 'dark', width: 390 });
  await page.getByRole('heading', { name: 'Running campaigns' }).waitFor();
  await page.getByRole('link', { name: /A campaign of many words/ }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'health-report-phone');
});
