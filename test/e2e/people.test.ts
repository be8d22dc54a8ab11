/** Two records of one person are found, looked at side by side and merged; somebody is forgotten who asks for it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';
import { jobDeps } from '../sql/segments.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
const people: number[] = [];
beforeAll(async () => {
  t = await testDatabase();
  const p = await programme(t);
  await p.rule({
    ...{ code: 'purchase', name: '消费积分', name_en: 'Purchase' },
    ...{ effect: 'per_amount', points: 1, per_amount: '1' },
  });
  const forever = { validity_kind: 'forever', downgrade: 'none' };
  await p.tier({ ...{ code: 'regular', name: '普通会员', name_en: 'Regular', rank: 0, enter_at: '0' }, ...forever });
  await p.tier({ ...{ code: 'silver', name: '银卡会员', name_en: 'Silver', rank: 1, enter_at: '1500' }, ...forever });
  browser = await testBrowser(t);
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  for (const [external_id, name, phone] of [
    ['SHOP-1001', '林晓梅', '139 1234 5678'],
    ['STORE-77', '林小姐', '13912345678'],
  ] as const) {
    const made = await browser.app.as('pii')('POST', '/api/customers', { external_id, name, phone, consent_sms: true });
    expect(made.status, await made.clone().text()).toBe(201);
    const { id } = (await made.json()) as { id: number };
    people.push(id);
    await p.order(id, { at: day, amount: '800.00' });
  }
  await processFacts({ ...jobDeps(t), resources: new Map() }, { until_at: new Date().toISOString() });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 6 * PATIENCE_MS };
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
async function choose(page: Page, more: string, action: string): Promise<void> {
  await page.getByRole('button', { name: more }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a duplicate is found, seen beside the other with what both come to, and merged for good', J, async () => {
  const page = await browser.open('pii', '/duplicate_customers');
  await page.getByText('STORE-77').first().waitFor();
  await page.getByText('手机号').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'duplicates');

  await page.goto(`${browser.address}/customers/${people[0]}?tab=merges`);
  await page.getByRole('region', { name: '疑似重复客户' }).getByText('STORE-77').waitFor();
  await choose(page, '更多操作', '合并重复客户');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('合并不可撤销', { exact: false }).first().waitFor();
  const whom = dialog.getByLabel('重复的客户');
  await whom.click();
  await whom.fill('林小姐');
  await page.locator('.ant-select-item-option', { hasText: '林小姐' }).click();
  const table = dialog.getByRole('region', { name: '执行后会怎样' });
  await table.getByRole('row', { name: '积分余额 800 800 1,600' }).waitFor();
  await table.getByRole('row', { name: '等级 普通会员 普通会员 银卡会员' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'merge-preview');
  const phone = await browser.open('pii', `/customers/${people[0]}`, {
    ...{ lang: 'en', width: 390, height: 844, theme: 'dark' },
  });
  await choose(phone, 'More', 'Merge a duplicate');
  await phone.getByLabel('The duplicate').click();
  await phone.locator('.ant-select-item-option', { hasText: '林小姐' }).click();
  await phone.getByRole('row', { name: 'Points 800 800 1,600' }).waitFor();
  expect(await fits(phone)).toBe(true);
  expect(await axe(phone)).toEqual([]);
  await picture(phone, 'merge-preview-390-dark');
  await dialog.getByRole('button', { name: '合并重复客户' }).click();
  await dialog.getByText('原因', { exact: false }).first().waitFor();
  await dialog.getByLabel('原因', { exact: false }).fill('电话核实为同一人');
  await dialog.getByRole('button', { name: '合并重复客户' }).click();
  await page.getByText('已合并，积分余额现为 1600', { exact: false }).first().waitFor();
  const head = page.getByRole('region', { name: '概况' });
  await head.getByText('银卡会员').first().waitFor();
  await page.getByRole('region', { name: '合并记录' }).getByText('STORE-77').waitFor();
  await picture(page, 'merge-done');

  // Its own page says where it went, on a phone, in English, in the dark; nothing can be done with it.
  const other = await browser.open('pii', `/customers/${people[1]}`, {
    ...{ lang: 'en', width: 390, height: 844, theme: 'dark' },
  });
  const gone = other.locator('.head-cards');
  await gone.getByRole('link', { name: '林晓梅' }).waitFor();
  expect(await fits(other)).toBe(true);
  expect(await axe(other)).toEqual([]);
  await other.getByText('Merged into another customer').first().waitFor();
  await picture(other, 'merged-390-dark');
  expect(await gone.getByRole('link', { name: '林晓梅' }).getAttribute('href')).toBe(`/customers/${people[0]}`);
  expect([...faults.get(page)!, ...faults.get(phone)!, ...faults.get(other)!]).toEqual([]);
});

test('whoever is to be forgotten is named by hand, and then gone', J, async () => {
  const page = await browser.open('pii', `/customers/${people[0]}`, { lang: 'en', theme: 'dark' });
  await choose(page, 'More', 'Anonymise');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type the customer no. to confirm').fill('SHOP-1');
  await dialog.getByLabel('Reason').fill('asked by letter');
  await picture(page, 'anonymise-ask');
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Anonymise' }).click();
  await dialog.getByText('This is not the customer no. of this customer').waitFor();
  await dialog.getByLabel('Type the customer no. to confirm').fill('SHOP-1001');
  await dialog.getByRole('button', { name: 'Anonymise' }).click();
  await page.getByText('The personal data is gone for good', { exact: false }).first().waitFor();
  await page.goto(`${browser.address}/customers/${people[0]}?tab=profile`);
  await page.getByText('Anonymised').first().waitFor();
  await page.getByText('Points balance').first().waitFor();
  expect(await page.getByText('林晓梅').count()).toBe(0);
  expect(await page.getByText('13912345678').count()).toBe(0);
  await picture(page, 'anonymised');
  expect(faults.get(page)).toEqual([]);
});
