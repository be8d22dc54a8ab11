/** A chart made in the browser: two mistakes on the way, published, found in the catalogue, downloaded, a version put back. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportStore } from '../../api/report/store.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10 + extract(day from day)::integer % 7, 100, 0
    from generate_series(current_date - 40, current_date, interval '1 day') as day
  `.execute(t.owner);
}, 240_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

test('a new chart is typed, mended, published, found, downloaded, and an earlier version put back', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('analyst', '/reports');
  await page.getByRole('link', { name: '新建图表' }).click();
  const code = page.getByRole('textbox', { name: '报表文本' });
  await page.getByText('没有错误').waitFor();
  await page.locator('.editor-picture canvas').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'report-editor');

  const type = async (wrong: string, right: string) => {
    const text = (await page.evaluate(() => document.querySelector('.cm-content')?.textContent)) ?? '';
    expect(text).toContain(wrong);
    await page.evaluate((searched) => {
      const walker = document.createTreeWalker(document.querySelector('.cm-content')!, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf(searched) ?? -1;
        if (at < 0) continue;
        (document.querySelector('.cm-content') as HTMLElement).focus();
        getSelection()?.setBaseAndExtent(node, at, node, at + searched.length);
        return;
      }
    }, wrong);
    await page.keyboard.insertText(right);
  };
  await type('order_count', 'order_cont');
  await page.getByText('是不是想写', { exact: false }).waitFor();
  await page.getByText('文本有错，图表是上一次正确时的样子').waitFor();
  await picture(page, 'report-editor-mistake');
  await type('order_cont', 'order_count');
  await page.getByText('没有错误').waitFor();
  await type('line', 'lines');
  await page.getByText('kind 不能是 lines').waitFor();
  await type('lines', 'column');
  await page.getByText('没有错误').waitFor();

  // What was typed outlives the page.
  await page.getByRole('textbox', { name: '名称' }).fill('my-orders');
  await page.getByRole('textbox', { name: '修改说明' }).fill('先看每日订单');
  await page.reload();
  await page.getByText('已恢复您在这台电脑上没有保存的输入', { exact: false }).waitFor();
  expect(await code.textContent()).toContain('kind: column');

  expect(await page.getByRole('textbox', { name: '名称' }).inputValue()).toBe('my-orders');
  expect(await page.getByRole('textbox', { name: '修改说明' }).inputValue()).toBe('先看每日订单');
  await page.getByRole('combobox', { name: '分区' }).click();
  await page.locator('.ant-select-item-option', { hasText: '销售' }).first().click();
  await code.focus();
  await page.keyboard.press('Control+s');
  await page.getByText('已发布第 1 版').waitFor();
  expect(new URL(page.url()).search).toBe('?report=sales/my-orders');

  await code.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText('-- twice');
  await page.keyboard.press('Control+s');
  await page.getByText('已发布第 2 版').waitFor();
  await page.getByRole('button', { name: '版本' }).click();
  await page.getByRole('button', { name: '看会改什么' }).last().click();
  await page.locator('.editor-diff-removed', { hasText: '-- twice' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'report-editor-versions');
  await page.getByRole('button', { name: '放回编辑框 #1' }).click();
  // The old text is asked for first: until it is there, the editor shows the newer one, without a mistake too.
  await expect.poll(() => code.textContent(), { timeout: PATIENCE_MS }).not.toContain('-- twice');
  await page.getByText('没有错误').waitFor();
  await page.getByRole('button', { name: '保存并发布' }).click();
  await page.getByText('已发布第 3 版').waitFor();

  await page.getByRole('button', { name: '更多' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: '下载 .sql' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('my-orders.sql');
  expect(readFileSync((await download.path())!, 'utf8')).toContain('chart: { kind: column, x: day, y: orders }');

  // Esc, then Tab leaves the editor.
  await code.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.cm-editor') === null)).toBe(true);

  await page.goto(new URL('/reports', page.url()).href);
  await page
    .getByRole('textbox', { name: '查找报表' })
    .or(page.getByRole('searchbox', { name: '查找报表' }))
    .first()
    .fill('my-orders');
  await page.locator('a[href="/reports/sales/my-orders"]').click();
  await page.locator('.report-body canvas').waitFor();
  await page.getByRole('link', { name: '复制并编辑' }).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('a report file opens read only, in the dark, in English and on a phone, and nothing reaches over the edge', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('analyst', '/reports/edit?report=sales/orders-by-day', {
    ...{ lang: 'en', theme: 'dark', width: 390 },
  });
  await page.getByText('This is a report file and is read only here', { exact: false }).waitFor();
  await page.getByText('No mistakes').waitFor();
  await expect.poll(() => page.locator('.ant-skeleton').count(), { timeout: PATIENCE_MS }).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'report-editor-phone');
  await page.getByRole('link', { name: 'Copy to edit' }).click();
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('orders-by-day-copy');
});
