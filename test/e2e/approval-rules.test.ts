/** An administrator says on a screen what must be agreed to; from then on it waits, and says for whom. */
import type { Locator } from 'playwright-core';
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

test('a rule about dear products is made, holds a price back, and the manager lets it through', J, async () => {
  const page = await browser.open('administrator', '/approval_rules');
  await page.getByText('积分倍数超过 3').waitFor();
  await picture(page, 'approval-rules');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('link', { name: '新建' }).first().click();
  await page.getByRole('textbox', { name: '名称', exact: false }).first().fill('高价商品');
  await page.getByRole('textbox', { name: '英文名称' }).fill('Dear products');
  const choose = async (field: Locator, name: string, typed = false) => {
    await field.click();
    if (typed) await field.fill(name);
    await page.locator('.ant-select-dropdown:visible').getByText(name, { exact: true }).first().click();
  };
  await choose(page.getByRole('combobox', { name: '审批对象' }), '商品', true);
  await page.getByRole('button', { name: '添加条件', exact: true }).click();
  await choose(page.getByRole('combobox', { name: '字段' }), '售价');
  await choose(page.getByRole('combobox', { name: '比较方式' }), '大于');
  await page.locator('.condition-value input').fill('1000');
  await choose(page.getByRole('combobox', { name: '审批角色' }), '管理层');
  await page.keyboard.press('Escape');
  await picture(page, 'approval-rule-form');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('heading', { name: '高价商品' }).waitFor();
  await picture(page, 'approval-rule');
  const [product] = await t.db.selectFrom('app.products').select(['id', 'name', 'price']).limit(1).execute();

  const buyer = await browser.open('operator', `/products/${product!.id}/edit`, { theme: 'dark' });
  await buyer.getByLabel('售价').fill('2000');
  await buyer.getByRole('button', { name: '保存', exact: true }).click();
  await buyer.getByText('已提交变更申请').waitFor();
  const waiting = buyer.getByRole('region', { name: '变更内容' });
  await waiting.getByText('高价商品').waitFor();
  await waiting.getByText('等待管理层中的一人同意').waitFor();
  await picture(buyer, 'approval-rule-waits-dark');
  expect(await axe(buyer)).toEqual([]);

  const other = await browser.open('manager', '/change_requests?scope=in_review', {
    lang: 'en',
    width: 390,
    height: 844,
  });
  await other.getByRole('link', { name: product!.name }).click();
  await other.getByText('Dear products').waitFor();
  await picture(other, 'approval-rule-decide-390');
  await other.getByRole('button', { name: 'Approve' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await other.getByText('Approved and applied').waitFor();
  const after = await t.db
    .selectFrom('app.products')
    .select('price')
    .where('id', '=', product!.id)
    .executeTakeFirstOrThrow();
  expect(after.price).toBe('2000.00');
  for (const each of [page, buyer, other]) expect(faults.get(each)).toEqual([]);
});
