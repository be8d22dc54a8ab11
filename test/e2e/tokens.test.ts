/** API tokens as people use them: made, copied once, used by a program, revoked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lang } from '../../api/contract.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

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
const J = { timeout: 4 * PATIENCE_MS };

const WORDS = {
  zh: {
    make: '新建令牌',
    name: '名称',
    scopes: '权限范围',
    scope: '会员等级：查看',
    saved: '我已保存',
    copy: '复制',
    copied: '已复制',
    revoke: '吊销',
    revoked: '已吊销',
  },
  en: {
    make: 'New token',
    name: 'Name',
    scopes: 'Scopes',
    scope: 'Tiers: read',
    saved: 'I have saved it',
    copy: 'Copy',
    copied: 'Copied',
    revoke: 'Revoke',
    revoked: 'Revoked',
  },
} as const;

test.each<{ lang: Lang; theme: 'light' | 'dark'; width: number }>([
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 390 },
])('a token is made, copied once, used and revoked ($lang, $theme, $width px)', J, async ({ lang, theme, width }) => {
  const words = WORDS[lang];
  await t.db.updateTable('app.users').set({ lang }).where('email', '=', 'operator@test.example').execute();
  const page = await browser.open('operator', '/api_tokens', { lang, theme, width });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: browser.address });
  await page.getByRole('button', { name: words.make }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.name).fill('Shop <b>sync</b>');
  await dialog.getByLabel(words.scopes).click();
  await page.keyboard.type(words.scope);
  await page.getByTitle(words.scope, { exact: true }).click();
  await page.keyboard.press('Escape');
  await picture(page, `token new ${lang} ${width}`);
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: words.make }).click();

  const secret = await dialog.locator('input[readonly]').inputValue();
  expect(secret).toMatch(/^eg_[\w-]{43}$/);
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: words.copy }).click();
  await dialog.getByRole('button', { name: words.copied }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await picture(page, `token made ${lang} ${width}`);
  expect(await axe(page)).toEqual([]);
  const ask = () =>
    fetch(`${browser.address}/api/tiers`, { headers: { authorization: `Bearer ${secret}` } }).then((a) => a.status);
  expect(await ask()).toBe(200);

  await dialog.getByRole('button', { name: words.saved }).click();
  await page.getByRole('heading', { name: 'Shop <b>sync</b>' }).waitFor();
  expect(await page.content()).not.toContain(secret);
  await picture(page, `token ${lang} ${width}`);
  await page.getByRole('button', { name: words.revoke }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.revoke }).click();
  await page.locator('dd').getByText(words.revoked, { exact: true }).waitFor();
  expect(await ask()).toBe(401);
  await page.goto(`${browser.address}/api_tokens`);
  await page.getByRole('link', { name: 'Shop <b>sync</b>' }).first().waitFor();
  await picture(page, `tokens ${lang} ${width}`);
  expect(await axe(page)).toEqual([]);
  expect(faults.get(page)).toEqual([]);
});
