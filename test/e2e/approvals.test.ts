/** A change that needs somebody else's consent: proposed, read, approved, scheduled, rolled back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
  browser = await testBrowser(t);
}, DEMO_MS);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 5 * PATIENCE_MS };
const multiplier = async () =>
  (await t.db.selectFrom('app.tiers').select('point_multiplier').where('code', '=', 'gold').executeTakeFirstOrThrow())
    .point_multiplier;

test('a multiplier of four is agreed to by a second person, and taken back the same way', J, async () => {
  const page = await browser.open('operator', '/tiers');
  await page.getByRole('link', { name: '金卡会员' }).click();
  await page.getByRole('link', { name: '编辑', exact: true }).click();
  await page.getByLabel('积分倍数', { exact: false }).first().fill('4');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已提交变更申请').waitFor();
  await page.getByRole('heading', { name: '金卡会员' }).waitFor();
  await page.getByRole('region', { name: '变更内容' }).getByText('4').waitFor();
  expect(await page.getByRole('button', { name: '批准' }).count()).toBe(0);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'approval-proposed');
  expect(await multiplier()).toBe('1.50');

  // The home page says what waits.
  const other = await browser.open('manager', '/', { theme: 'dark' });
  await other.getByRole('link', { name: '变更申请 待审批 1' }).click();
  await other.getByRole('link', { name: '金卡会员' }).click();
  await other.getByRole('region', { name: '变更内容' }).getByText('4').waitFor();
  await picture(other, 'approval-review-dark');
  expect(await axe(other)).toEqual([]);
  await other.getByRole('button', { name: '批准' }).click();
  await other.getByLabel('审批意见').fill('周年庆期间执行');
  await other.getByRole('dialog').getByRole('button', { name: '批准' }).click();
  await other.getByText('已批准并生效').waitFor();
  expect(await multiplier()).toBe('4.00');
  await other.getByText('周年庆期间执行').waitFor();

  await page.reload();
  await page.getByRole('button', { name: '回滚' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '回滚' }).click();
  await page.getByText('回滚申请已提交审批').waitFor();
  expect([...faults.get(page)!, ...faults.get(other)!]).toEqual([]);
});

test('a change is kept for its time, in English and on a phone', J, async () => {
  const page = await browser.open('operator', '/tiers', { lang: 'en', width: 390, height: 844 });
  await page.getByRole('link', { name: 'Silver' }).click();
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.fill('From next year on');
  await page.getByRole('button', { name: 'Save for later…' }).click();
  await page.getByLabel('Takes effect').fill('2099-01-01 00:00');
  await page.keyboard.press('Enter');
  await page.getByLabel('Note').fill('Budget of next year');
  await picture(page, 'approval-schedule-390');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click();
  await page.getByText('A change request was made').waitFor();
  await page.getByText('Scheduled').first().waitFor();
  await page.getByRole('region', { name: 'What changes' }).getByText('From next year on').waitFor();
  await picture(page, 'approval-scheduled-390');
  expect(faults.get(page)).toEqual([]);
});
