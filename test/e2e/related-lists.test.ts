/** What belongs to a record stands on its page as it is: also after something was done with the record, here or elsewhere. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { faults, PATIENCE_MS, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let customer: number;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  const made = await browser.app.as('operator')('POST', '/api/customers', { external_id: 'related-1', name: '相关' });
  customer = ((await made.json()) as { id: number }).id;
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 4 * PATIENCE_MS };

test('points that are adjusted stand among the entries at once', J, async () => {
  const page = await browser.open('operator', `/customers/${customer}?tab=ledger`);
  const entries = page.getByRole('region', { name: '积分流水' });
  await entries.getByText('暂无积分流水').waitFor();
  await page.getByRole('button', { name: '调整积分' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('积分', { exact: false }).first().fill('321');
  await dialog.getByLabel('原因', { exact: false }).fill('补偿');
  await dialog.getByRole('button', { name: '调整积分' }).click();
  await entries.getByText('321').first().waitFor();
  // In a part that was looked at before, too.
  await page.getByRole('tab', { name: '积分', exact: true }).click();
  await page.getByRole('region', { name: '积分对账单' }).getByText('321').first().waitFor();

  // By somebody else: the page finds out by itself.
  await page.getByRole('tab', { name: '积分明细' }).click();
  const given = await browser.app.as('operator')('POST', `/api/customers/${customer}/_actions/adjust_points`, {
    points: 4567,
    reason: '另一个窗口',
  });
  expect(given.status).toBe(200);
  await entries.getByText('4,567').first().waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('an empty list is spelled as a sentence is', J, async () => {
  const page = await browser.open('operator', `/customers/${customer}?tab=merges`, { lang: 'en' });
  await page.getByText('No likely duplicates yet', { exact: true }).waitFor();
  const admin = await browser.open('administrator', '/api_tokens', { lang: 'en' });
  await admin.getByText('No API tokens yet', { exact: true }).waitFor();
});
