/** A customer's page: half an order refunded and read in the timeline; points that last longer, asked for by one and agreed to by another. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';
import { jobDeps } from '../sql/segments.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let customer: number;
beforeAll(async () => {
  t = await testDatabase();
  const p = await programme(t);
  await p.rule({
    ...{ code: 'purchase', name: '消费积分', name_en: 'Purchase' },
    ...{ effect: 'per_amount', points: 1, per_amount: '1' },
  });
  await p.tier({
    ...{ code: 'regular', name: '普通会员', name_en: 'Regular', rank: 0, enter_at: '0' },
    ...{ validity_kind: 'forever', downgrade: 'none' },
  });
  await p.tier({ code: 'silver', name: '银卡会员', name_en: 'Silver', rank: 1, enter_at: '1000', retain_at: '800' });
  await p.tier({ code: 'gold', name: '金卡会员', name_en: 'Gold', rank: 2, enter_at: '5000' });
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 6 * PATIENCE_MS };
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
/** As the shop would. */
const send = (page: Page, path: string, body: object) =>
  page.evaluate(
    async ([to, text]) => {
      const answer = await fetch(to!, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text! });
      return answer.status;
    },
    [path, JSON.stringify(body)],
  );
const work = () => processFacts({ ...jobDeps(t), resources: new Map() }, { until_at: new Date().toISOString() });

test(
  'half an order is refunded, and the timeline says what it had earned, why, and what was taken back',
  J,
  async () => {
    const page = await browser.open('operator', '/customers');
    const about = { customer_external_id: 'journey-1', external_id: 'J-100' };
    const hours_ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const lines = [{ sku: 'J-TEA', quantity: 2, unit_price: '800.00' }];
    expect(await send(page, '/api/v1/orders', { ...about, placed_at: hours_ago(5), lines })).toBe(201);
    await work();
    const back = { external_id: 'J-R-1', order_external_id: 'J-100', returned_at: hours_ago(2), amount: '800.00' };
    expect(await send(page, '/api/v1/returns', back)).toBe(201);
    await work();
    const found = await t.db
      .selectFrom('app.customers')
      .select('id')
      .where('external_id', '=', 'journey-1')
      .executeTakeFirstOrThrow();
    customer = found.id;

    await page.goto(`${browser.address}/customers/${customer}`);
    const course = page.getByRole('region', { name: '动态' });
    await course.getByText('退款 ¥800.00，追回 800 积分').waitFor();
    await course.getByText('消费 ¥1,600.00，得 1,600 积分').waitFor();
    await course.getByText('消费积分（第 1 版）：¥1,600.00，每 1 元 1 分，得 1,600').waitFor();
    const head = page.getByRole('region', { name: '概况' });
    await head.getByText('积分余额').waitFor();
    await head.getByText('保级', { exact: false }).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'customer-timeline');

    // By kind, and the other tabs, by keyboard.
    await course.getByRole('button', { name: '退货' }).click();
    await course.getByText('消费 ¥1,600.00').waitFor({ state: 'detached' });
    const tab = page.getByRole('tab', { name: '动态' });
    await tab.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: '资料', selected: true }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: '等级', selected: true }).waitFor();
    await page.getByRole('region', { name: '等级变动' }).waitFor();
    await page.reload();
    await page.getByRole('tab', { name: '等级', selected: true }).waitFor();
    expect(faults.get(page)).toEqual([]);
  },
);

test('points are asked to last longer, and somebody else agrees', J, async () => {
  const page = await browser.open('operator', `/customers/${customer}?tab=points`);
  await page.getByRole('region', { name: '到期日历' }).getByText('800').first().waitFor();
  const year = new Date().getFullYear();
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '申请积分延期' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('原到期日不晚于').fill(`${year + 1}-12-31`);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('延期至').fill(`${year + 2}-06-30`);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('原因', { exact: false }).fill('客户住院');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'extension-ask');
  await dialog.getByRole('button', { name: '申请积分延期' }).click();
  await page.getByText('已提交', { exact: false }).first().waitFor();

  // What waits stands on the home page of whoever may decide; on a phone, in English, in the dark.
  const other = await browser.open('manager', '/', { lang: 'en', width: 390, height: 844, theme: 'dark' });
  await other.getByRole('link', { name: 'Points extensions Waiting 1' }).click();
  await other
    .getByRole('link', { name: 'journey-1', exact: false })
    .or(other.getByText(`${year + 2}-06-30`))
    .first()
    .click();
  await other.getByText('客户住院').first().waitFor();
  expect(await fits(other)).toBe(true);
  await picture(other, 'extension-decide-390-dark');
  await other.getByRole('button', { name: 'Approve' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await other
    .getByText(`points last through ${year + 2}-06-30 now`, { exact: false })
    .first()
    .waitFor();

  await other.goto(`${browser.address}/customers/${customer}`);
  const course = other.getByRole('region', { name: 'Timeline' });
  await course.getByText(`points last through ${year + 2}-06-30 now`, { exact: false }).waitFor();
  await course.getByText('Reason: 客户住院').first().waitFor();
  expect(await fits(other)).toBe(true);
  expect(await axe(other)).toEqual([]);
  await picture(other, 'customer-390-dark');
  expect([...faults.get(page)!, ...faults.get(other)!]).toEqual([]);
});
