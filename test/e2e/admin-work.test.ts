/** Longer work on the generated screens: a file brought in, rules of segments changed and published. */
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
const file = (name: string, lines: string[]) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(`${lines.join('\n')}\n`),
});
const HEADER = '会员号码,姓名,邮箱,生日';

test('a file with errors is rehearsed, mended, and brought in; the mapping is remembered', J, async () => {
  const page = await browser.open('administrator', '/customers');
  await page.getByRole('link', { name: '导入' }).first().click();
  await page
    .locator('input[type=file]')
    .setInputFiles(
      file('first.csv', [HEADER, 'E1,王一,a@example.com,1990-01-02', 'E2,李二,not an address,1990-02-30']),
    );
  await page.getByText('first.csv 的列').waitFor();
  // A header nobody could guess is chosen by hand.
  await page.getByLabel('“客户编号”对应的列').selectOption('会员号码');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '对应方案' }).click();
  await page.getByLabel('将当前对应存为…').fill('门店名单');
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '门店名单', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '预检', exact: true }).click();
  await page.getByText('1 行有错误').waitFor();
  const errors = page.locator('.errors', { has: page.locator('a[href*="errors."]') }).locator('tbody tr');
  expect(await errors.count()).toBe(2);
  expect(await errors.first().textContent()).toMatch(/3.*邮箱.*not an address/);
  expect(
    await t.db.selectFrom('app.customers').select('id').where('external_id', 'in', ['E1', 'E2']).execute(),
  ).toEqual([]);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'import-errors');

  await page.goto(`${browser.address}/customers/import`);
  await page
    .locator('input[type=file]')
    .setInputFiles(
      file('second.csv', [HEADER, 'E1,王一,a@example.com,1990-01-02', 'E2,李二,b@example.com,1990-02-28']),
    );
  await page.getByText('second.csv 的列').waitFor();
  // The remembered mapping is proposed.
  expect(await page.getByLabel('“客户编号”对应的列').inputValue()).toBe('会员号码');
  await page.getByRole('button', { name: '预检', exact: true }).click();
  await page.getByText('预检通过').waitFor();
  await page.getByRole('button', { name: '开始导入' }).click();
  await page.getByText('导入完成').waitFor();
  await page.getByRole('link', { name: '查看客户' }).click();
  await page.getByText('李二').waitFor();
  const rows = await t.db.selectFrom('app.customers').select('name').where('external_id', 'in', ['E1', 'E2']).execute();
  expect(rows.map((row) => row.name).sort()).toEqual(['李二', '王一']);
  expect(faults.get(page)).toEqual([]);
});

test(
  'rules of segments are changed in words, their effect is shown, they are published and then fixed',
  J,
  async () => {
    const page = await browser.open('administrator', '/segment_rule_set_versions');
    await page.locator('.row-link').first().click();
    await page.getByRole('button', { name: '基于此版本新建' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '基于此版本新建' }).click();
    await page.getByRole('heading', { name: /v2/ }).waitFor();
    await page.getByRole('link', { name: '编辑' }).click();
    await page.getByLabel('影响预估').getByText('客群规模').waitFor();
    const first = page.locator('.items > ol > li').first();
    await first.locator('.condition').first().locator('.input-number').fill('14');
    await first.getByText('≤ 14').waitFor();
    // The second rule goes before the first.
    await page.getByRole('button', { name: '上移：2' }).click();
    expect(await page.locator('.items > ol > li').nth(1).locator('.predicate-sentence').textContent()).toContain(
      '≤ 14',
    );
    await page.getByText('如果按当前内容保存').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'segment-rules');
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByText('一旦', { exact: false }).or(page.getByText('发布后规则不可再修改')).first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
    await page.getByText('已发布').first().waitFor();
    await page.getByRole('button', { name: '更多操作' }).click();
    expect(await page.getByRole('menuitem', { name: '发布' }).getAttribute('aria-disabled')).toBe('true');
    const version = await t.db
      .selectFrom('app.segment_rule_set_versions')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(version.state).toBe('published');
    expect(JSON.stringify(version.rules)).toContain('{"lte":14}');
    expect(faults.get(page)).toEqual([]);
  },
);
