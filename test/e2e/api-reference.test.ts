/** The page that describes the API: found, read, and its command does what it says. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lang } from '../../api/contract.ts';
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

test.each<Look & { lang: Lang; menu: string; search: string; send: string }>([
  { lang: 'zh', theme: 'light', width: 1440, menu: 'API 文档', search: '搜索接口', send: '写入订单' },
  { lang: 'en', theme: 'dark', width: 390, menu: 'API reference', search: 'Search operations', send: 'Send orders' },
])('an operation is found and its command works ($lang)', { timeout: 4 * PATIENCE_MS }, async (look) => {
  await t.db.updateTable('app.users').set({ lang: look.lang }).execute();
  const page = await browser.open('operator', '/api-reference', look);
  await page.getByRole('heading', { name: look.menu }).waitFor();
  await page.getByLabel(look.search).fill('v1');
  await page.getByRole('button', { name: look.send }).click();
  await page.getByRole('heading', { name: look.send }).waitFor();
  await picture(page, `api send ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  const command = await page.locator('pre').first().textContent();
  const issued = await browser.app.as('operator')('POST', '/api/api_tokens/_actions/issue', {
    ...{ name: 'docs', scopes: ['facts:write', 'tiers:r'], days: 1 },
  });
  const { secret } = (await issued.json()) as { secret: string };
  const run = async (text: string | null) =>
    (await promisify(execFile)('sh', ['-c', `${text} -s`], { env: { ...process.env, TOKEN: secret } })).stdout;
  expect(await run(command)).toMatch(/"status":"(accepted|replayed)"/);
  await page.getByLabel(look.search).fill('/api/tiers');
  await page.getByRole('navigation').getByRole('button', { name: /GET/ }).first().click();
  await page.getByText('/api/tiers', { exact: true }).waitFor();
  await picture(page, `api list ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  expect(JSON.parse(await run(await page.locator('pre').first().textContent()))).toEqual([]);
  expect(faults.get(page)).toEqual([]);
});
