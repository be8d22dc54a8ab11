/** The screen of permissions: a right taken with a reason, seen by its holder at once, explained, and given back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lang, Row } from '../../api/contract.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, type Look, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 6 * PATIENCE_MS };

const WORDS = {
  zh: {
    role: '客服',
    edit: '调整“客户”的权限',
    change: '修改',
    city: '城市 查看',
    where: '按条件',
    reason: '调整原因',
    save: '保存',
    saved: '权限已保存，立即生效',
    hidden: '1 个字段不可见',
    why: '为什么可以或不可以',
    person: '用户',
    what: '对象',
    customers: '客户',
    not_given: /“客服”由 Test administrator 于 .* 调整后未授予/,
    restore: '恢复默认',
  },
  en: {
    role: 'Customer service',
    edit: 'Permissions on Customers',
    change: 'Change',
    city: 'City See',
    where: 'By condition',
    reason: 'Reason',
    save: 'Save',
    saved: 'Permissions saved',
    hidden: 'Hidden fields: 1',
    why: 'Why somebody may or may not',
    person: 'Person',
    what: 'What',
    customers: 'Customers',
    not_given: /Not given by Customer service, as changed by Test administrator on/,
    restore: 'Back to the default',
  },
} as const;

test.each<Look & { lang: Lang }>([
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 390 },
])('a right is taken with a reason, explained and given back ($lang, $width px)', J, async (look) => {
  const words = WORDS[look.lang];
  await t.db.updateTable('app.users').set({ lang: look.lang }).execute();
  const page = await browser.open('administrator', '/permissions', look);
  const may = async () => {
    const answer = await browser.app.as('customer_service')('GET', '/api/_meta');
    const { resources } = (await answer.json()) as { resources: { name: string; can: Row; fields: Row }[] };
    const found = resources.find((each) => each.name === 'customers')!;
    return { edit: found.can.edit, city: 'city' in found.fields };
  };
  await page.getByRole('button', { name: new RegExp(`^${words.role}`) }).click();
  const row = page.locator('tr', { has: page.getByRole('rowheader', { name: words.customers, exact: true }) });
  await row.waitFor();
  // It stands in a column of its own or below the name, by the width of the window.
  const hidden = row.getByText(words.hidden).filter({ visible: true });
  await picture(page, `permissions ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  expect(await may()).toEqual({ edit: true, city: true });

  await page.getByRole('button', { name: words.edit, exact: true }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel(words.change, { exact: true }).first().uncheck();
  await drawer.getByLabel(words.city).uncheck();
  await drawer.getByLabel(words.reason).fill('Audit <script>alert(1)</script>');
  await picture(page, `permissions edit ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  await drawer.getByRole('button', { name: words.save, exact: true }).click();
  await page.getByText(words.saved).waitFor();
  await hidden.waitFor();
  expect(await may()).toEqual({ edit: false, city: false });

  await page.getByRole('tab', { name: words.why }).click();
  await page.getByRole('combobox', { name: words.person }).click();
  await page.keyboard.type('customer_service');
  await page.getByTitle('Test customer_service').click();
  await page.getByLabel(words.what).selectOption({ label: words.customers });
  await page.getByText(words.not_given).first().waitFor();
  await picture(page, `permissions why ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);

  await page.getByRole('tab').first().click();
  await page.getByRole('button', { name: new RegExp(`^${words.role}`) }).click();
  await page.getByRole('button', { name: words.edit, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.restore }).click();
  await hidden.waitFor({ state: 'detached' });
  expect(await may()).toEqual({ edit: true, city: true });
  expect(faults.get(page)).toEqual([]);
});

test('rows are limited by a condition', J, async () => {
  await t.db.updateTable('app.users').set({ lang: 'zh' }).execute();
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'n', name: 'Nora', province: 'North', enrolled_on: '2026-01-01' },
      { external_id: 's', name: 'Sol', province: 'South', enrolled_on: '2026-01-01' },
    ])
    .execute();
  const page = await browser.open('administrator', '/permissions');
  await page.getByRole('button', { name: /^只读|^访客/ }).click();
  await page.getByRole('button', { name: '调整“客户”的权限', exact: true }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('按条件').check();
  await picture(page, 'permissions rows');
  expect(await axe(page)).toEqual([]);
});
