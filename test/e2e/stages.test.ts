/** The evaluation of the stages by screen: found from the reports, read live and as it was written, on a phone too. */
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
  await sql`update app.settings set started_on = '2026-01-01'`.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2025-12-01', 1000, 200), ('month', '2026-01-01', 1000, 250)
  `.execute(t.owner);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, 1000, 0 from generate_series('2025-10-01'::date, '2026-02-14', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.goals (stage, name, name_en, metric, measure, target_kind, target_rate, weight, owner_team)
    values ('short', '复购率提升到 35%', 'Repurchase rate 35%', 'repurchase_rate', 'rate', 'absolute', 0.35, 60, 'operations')
  `.execute(t.owner);
}, 240_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

test('a manager finds the stages among the reports, reads a goal and opens it', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('manager', '/reports');
  await page.getByRole('link', { name: '阶段评估' }).click();
  const goal = page.locator('.stage-goal', { has: page.getByRole('link', { name: '复购率提升到 35%' }) });
  await goal.waitFor();
  const text = (await goal.textContent())!;
  for (const said of ['基线20.00%', '实际25.00%', '目标值35.00%', '+5.00 个百分点', '负责：运营', '有风险'])
    expect(text).toContain(said);
  expect(
    await page.getByText('“复购率提升到 35%”：现为 25.00%，目标 35.00%，落后于进度。', { exact: false }).count(),
  ).toBe(1);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'stages');

  await goal.getByRole('link', { name: '复购率提升到 35%' }).click();
  await page.waitForURL(/\/goals\/\d+$/);
  expect(faults.get(page)).toEqual([]);
});

test('what was written on the first of a month stays when the live page moves on, and fits a phone in English', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  await runJob(browser.app.deps, 'stage_evaluation', '2026-02-01');
  const page = await browser.open('manager', '/reports/stages?day=2026-01-31', { lang: 'en', width: 390 });
  await page.getByText('No. 1 · written', { exact: false }).waitFor();
  const goal = page.locator('.stage-goal', { has: page.getByRole('link', { name: 'Repurchase rate 35%' }) });
  expect(await goal.textContent()).toContain('Due by now');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'stages-phone');
  expect(faults.get(page)).toEqual([]);
});
