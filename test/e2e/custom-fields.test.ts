/** A field is added on a screen and used everywhere at once; a form is laid out. Nothing is restarted. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { reportStore } from '../../api/report/store.ts';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

const J = { timeout: 8 * PATIENCE_MS };
const folder = mkdtempSync(join(tmpdir(), 'evergreen-reports-'));
let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
  browser = await testBrowser(t);
  mkdirSync(join(folder, 'pages', 'own'), { recursive: true });
  symlinkSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'));
  reportStore(browser.app.deps, folder);
}, DEMO_MS);
afterAll(async () => {
  reportStore(browser.app.deps, folder).close();
  await browser?.close();
  await t?.close();
  rmSync(folder, { recursive: true, force: true });
});

const REPORT = `/*---
report: 1
title: [生日礼偏好, Birthday gifts]
owner: analytics
columns:
  birthday_gift: { role: category, label: [生日礼偏好, Birthday gift] }
  customers:     { role: measure, metric: customers }
chart: { kind: column, x: birthday_gift, y: customers }
limits: { rows: 20, timeout: 5s }
access: { roles: [analyst, operator] }
---*/

select
  customers_custom.birthday_gift,
  count(*) as customers
from report.customers_custom
where customers_custom.birthday_gift is not null
group by customers_custom.birthday_gift
`;

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).first().click();
  // Long lists are searched, and show only a part of themselves.
  await page.keyboard.type(option);
  await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
}

test('a field is added, filled in, filtered by, exported and reported', J, async () => {
  // Somebody is in the middle of a new customer.
  const other = await browser.open('pii', '/customers/new');
  await other.getByLabel('姓名').fill('张在写');

  const page = await browser.open('pii', '/custom_fields/new');
  await choose(page, '添加到', '客户');
  await page.getByLabel('编码').first().fill('city');
  await page.getByLabel(/^名称/).first().fill('生日礼偏好');
  await page.getByLabel('英文名称').first().fill('Birthday gift');
  await choose(page, '类型', '单选');
  await page.getByRole('button', { name: '添加一项' }).click();
  await page.getByRole('button', { name: '添加一项' }).click();
  const items = page.locator('.items li');
  for (const [at, code, label, label_en] of [
    [0, 'cake', '蛋糕', 'Cake'],
    [1, 'flowers', '鲜花', 'Flowers'],
  ] as const) {
    const inputs = items.nth(at).locator('input');
    await inputs.nth(0).fill(code);
    await inputs.nth(1).fill(label);
    await inputs.nth(2).fill(label_en);
  }
  await page.getByLabel('在列表中显示').check();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  // A name that is taken is told at its field.
  await page.getByText('“客户”已有同名的内置字段，请换一个编码').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'custom-field-form');
  await page.getByLabel('编码').first().fill('birthday_gift');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('heading', { name: '生日礼偏好' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'custom-field-detail');

  // The open form has the field, and what was typed in it.
  await other.getByText('生日礼偏好').first().waitFor();
  expect(await other.getByLabel('姓名').inputValue()).toBe('张在写');
  await other.getByLabel('客户编号').fill('GIFT1');
  await choose(other, '生日礼偏好', '鲜花');
  await other.getByRole('button', { name: '保存', exact: true }).click();
  await other.getByRole('heading', { name: '张在写' }).waitFor();
  await other.getByRole('tab', { name: '资料' }).click();
  await other.getByText('鲜花').waitFor();
  expect(faults.get(other)).toEqual([]);

  await page.goto(`${browser.address}/customers`);
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '生日礼偏好' }).click();
  await page.getByRole('dialog').getByText('鲜花').first().click();
  await page.getByRole('button', { name: '应用' }).click();
  await expect.poll(() => page.locator('tr[data-id]').count(), { timeout: PATIENCE_MS }).toBe(1);
  await page.getByText('GIFT1').waitFor();
  await picture(page, 'custom-field-filter');
  const found = await browser.app.as('pii')('GET', '/api/customers?birthday_gift=flowers');
  expect(await found.json()).toMatchObject([{ external_id: 'GIFT1', birthday_gift: 'flowers' }]);

  const file = await (
    await browser.app.as('pii')(
      'GET',
      '/api/customers/_export.csv?birthday_gift=flowers&_fields=external_id,birthday_gift',
    )
  ).text();
  expect(file).toContain('GIFT1,Flowers');

  writeFileSync(join(folder, 'pages', 'own', 'gifts.sql'), REPORT);
  await reportStore(browser.app.deps, folder).refresh();
  await page.goto(`${browser.address}/reports/own/gifts?_view=table`);
  await page.getByRole('heading', { name: '生日礼偏好' }).waitFor();
  await page.getByText('flowers').first().waitFor();
  await picture(page, 'custom-field-report');
  expect(faults.get(page)).toEqual([]);
});

test('a form is laid out with the keyboard, tried beside it, saved and taken back', J, async () => {
  const page = await browser.open('pii', '/form_layouts/new');
  await choose(page, '表单', '客户');
  const editor = page.locator('.layout-editor');
  await editor.waitFor();
  await page.getByRole('button', { name: '上移：城市' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '设置：城市' }).click();
  await page.getByLabel('名称', { exact: true }).fill('所在城市');
  await editor.locator('.layout-setup').getByLabel('必填').check();
  await page.getByLabel('分组显示为标签页').check();
  await page.locator('.layout-preview').getByText('所在城市').waitFor();
  await page.locator('.layout-preview').getByRole('tab').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'layout-editor');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('1 个字段有调整').waitFor();

  const form = await browser.open('pii', '/customers/new', { lang: 'en' });
  await form.getByLabel('Customer no.').fill('LAID1');
  await form.getByRole('button', { name: 'Save', exact: true }).click();
  await form.getByRole('alert').getByRole('button').first().click();
  expect(await form.evaluate(() => (document.activeElement as HTMLInputElement).labels?.[0]?.textContent)).toContain(
    'City',
  );
  expect(await axe(form)).toEqual([]);
  await picture(form, 'layout-tabs-en');

  await page.getByRole('link', { name: '编辑' }).click();
  await page.getByRole('button', { name: '恢复默认' }).click();
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('与默认一致').waitFor();
  await form.getByText('City').first().waitFor();
  await expect.poll(() => form.getByRole('tab').count(), { timeout: 20_000 }).toBe(0);
  expect(await form.getByLabel('Customer no.').inputValue()).toBe('LAID1');
  expect(faults.get(page)).toEqual([]);
  expect(faults.get(form)).toEqual([]);
});

test('the editor on a phone and in the dark', J, async () => {
  for (const look of [
    { width: 390, height: 844 },
    { theme: 'dark' as const, lang: 'en' as const },
  ]) {
    const page = await browser.open('pii', '/form_layouts/new?resource=customers', look);
    await page.locator('.layout-preview fieldset').first().waitFor();
    await page.getByRole('button', { name: /设置：姓名|Settings of Name/ }).click();
    expect(await axe(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
    await picture(page, `layout-editor-${look.width ?? 'dark'}`);
  }
});
