/** Files in and out as people meet them: a list exported, a workbook with mistakes rehearsed, mended and brought in. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowXml } from '../../api/xlsx/cells.ts';
import { writeWorkbook } from '../../api/xlsx/write.ts';
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

async function workbook(name: string, sheets: { [sheet: string]: string[][] }) {
  const plans = Object.entries(sheets).map(([sheet, rows]) => ({
    name: sheet,
    widths: [],
    rows: rows.map((cells, at) => rowXml(at + 1, cells)),
  }));
  return {
    name,
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: await buffer(writeWorkbook(plans)),
  };
}

test('the list as it stands is exported, with its filter and its columns', J, async () => {
  const page = await browser.open('administrator', '/customers?q=王');
  await page.locator('.row-link').first().waitFor();
  await page.getByRole('button', { name: '导出', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/将导出当前列表的全部 \d+ 行/).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'export');
  await dialog.getByText('CSV').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: '导出', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^客户-\d{4}-\d\d-\d\d\.csv$/);
  const [header = '', ...rows] = (await readFile(await download.path(), 'utf8')).split('\r\n');
  expect(header.slice(1).split(',').slice(0, 2)).toEqual(['客户编号', '姓名']);
  expect(rows.length).toBeGreaterThan(10);
  await page.getByText(`已导出 ${(rows.length - 1).toLocaleString('en')} 行`).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('who may not export is not offered it', J, async () => {
  const page = await browser.open('viewer', '/customers');
  await page.locator('.row-link').first().waitFor();
  expect(await page.getByRole('button', { name: '导出', exact: true }).count()).toBe(0);
});

test('a workbook is rehearsed, its wrong rows come back as a workbook, and mended it is brought in', J, async () => {
  const page = await browser.open('administrator', '/products/import');
  await page.getByText('下载模板填写').waitFor();
  const [template] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'XLSX' }).click(),
  ]);
  expect(template.suggestedFilename()).toBe('商品-导入模板.xlsx');
  const HEADER = ['商品编码', '名称', '售价', '状态'];
  const first = await workbook('进货.xlsx', {
    封面: [['这里没有数据'], ['第二行']],
    明细: [HEADER, ['X-1', '茶杯', '12.50', '在售'], ['X-2', '茶壶', '十二', '在售']],
  });
  await page.locator('input[type=file]').setInputFiles(first);
  await page.getByLabel('工作表').selectOption('明细');
  await page.getByLabel('“商品编码”对应的列').waitFor();
  await expect.poll(() => page.getByLabel('“售价”对应的列').inputValue(), { timeout: PATIENCE_MS }).toBe('售价');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '预检', exact: true }).click();
  await page.getByText('1 行有错误').waitFor();
  await page.getByText('变化预览').waitFor();
  expect(await page.locator('.preview tbody tr').first().textContent()).toContain('X-1');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'import-workbook');
  const [wrong] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载错误行（Excel）' }).click(),
  ]);
  await page.goto(`${browser.address}/products/import`);
  await page
    .locator('input[type=file]')
    .setInputFiles(await wrong.path().then(async (path) => ({ ...first, buffer: await readFile(path) })));
  await page.getByText('已对应 4 列').waitFor();
  const mended = await workbook('进货2.xlsx', {
    明细: [HEADER, ['X-1', '茶杯', '12.50', '在售'], ['X-2', '茶壶', '12', '在售']],
  });
  await page.goto(`${browser.address}/products/import`);
  await page.locator('input[type=file]').setInputFiles(mended);
  await page.getByRole('button', { name: '预检', exact: true }).click();
  await page.getByText('预检通过').waitFor();
  await page.getByRole('button', { name: '开始导入' }).click();
  await page.getByText('导入完成').waitFor();
  const rows = await t.db
    .selectFrom('app.products')
    .select('price')
    .where('external_id', 'in', ['X-1', 'X-2'])
    .execute();
  expect(rows.map(({ price }) => price).sort()).toEqual(['12.00', '12.50']);
  expect(faults.get(page)).toEqual([]);
});
