/** The first day of a business user: an empty programme, a file of orders, the daily jobs, segments and the charts of them. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'online_retail.csv.gz');
const THERE = existsSync(FILE);
if (!THERE) console.warn(`The first start with real orders is not tested: ${FILE} is absent.`);
/** The first days of the file, up to the morning of 2010-12-09. */
const LINES = 20_000;
/** The day after its last line: what had happened before it began counts. */
const AS_OF_ON = '2010-12-10';

interface Totals {
  orders: number;
  buyers: number;
  customers: number;
}

describe.skipIf(!THERE)('the first start with a file of orders', () => {
  let t: TestDatabase;
  let browser: TestBrowser;
  let data_dir: string;
  beforeAll(async () => {
    t = await testDatabase();
    await seedNew(t.owner, { demo: false });
    data_dir = await mkdtemp(join(tmpdir(), 'evergreen-first-start-'));
    browser = await testBrowser({ ...t, config: { ...t.config, data_dir } });
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await t?.close();
    if (data_dir) await rm(data_dir, { recursive: true, force: true });
  });

  test('orders are brought in, counted, divided and shown, each number as the database has it', {
    timeout: 12 * PATIENCE_MS,
  }, async () => {
    const page = await browser.open('administrator', '/');
    await page.getByRole('link', { name: '订单', exact: true }).first().click();
    await page
      .getByRole('link', { name: /^(导入|从文件导入)$/ })
      .first()
      .waitFor();
    await seen(page, '1-no-orders');

    await page
      .getByRole('link', { name: /^(导入|从文件导入)$/ })
      .first()
      .click();
    await page.locator('input[type=file]').setInputFiles(ordersFile());
    await page.getByText('orders-2010-12.csv 的列').waitFor();
    await page.getByRole('button', { name: '对应方案' }).click();
    await page.getByRole('button', { name: '发票明细（Online Retail 格式）' }).click();
    await page.getByText('作废发票记为退货').waitFor();
    await seen(page, '2-mapping');
    await page.getByRole('button', { name: '预检', exact: true }).click();
    await page.getByText('预检通过').waitFor();
    expect(await orderTotals()).toMatchObject({ orders: 0 });
    await seen(page, '3-checked');
    await page.getByRole('button', { name: '开始导入' }).click();
    await page.getByText('导入完成').waitFor();
    await seen(page, '4-imported');
    const { orders, buyers, customers } = await orderTotals();
    expect({ orders, buyers, customers }).toEqual(totalsOfFile());
    await page.getByRole('link', { name: '查看订单' }).click();
    await page.locator('.row-link').first().waitFor();
    await seen(page, '5-orders');

    for (const job of ['refresh_rollups', 'rfm_scores', 'segment_snapshot'])
      expect(await runJob(browser.app.deps, job, AS_OF_ON)).toMatchObject({ job, state: 'done', error: null });

    const menu = page.getByRole('navigation');
    await menu.getByRole('button', { name: '客群', exact: true }).click();
    await menu.getByRole('link', { name: '客群规则集', exact: true }).click();
    await page.getByRole('link', { name: '生命周期分群' }).click();
    await page.getByRole('button', { name: '新建版本' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '新建版本' }).click();
    await page.getByRole('heading', { name: /v2/ }).waitFor();
    await page.getByRole('link', { name: '编辑' }).click();
    const panel = page.getByLabel('影响预估');
    await panel.getByText('客群规模').waitFor();
    await seen(page, '6-draft');
    await page.getByLabel('生效日期').fill(AS_OF_ON);
    await page.keyboard.press('Tab');
    // Whoever had bought or returned something by that day, and nobody else.
    await panel.getByText(AS_OF_ON, { exact: false }).first().waitFor();
    const sizes = await panelSizes(page);
    expect(sizes.get('新客')).toBeGreaterThan(0);
    expect(sum(sizes.values())).toBe(customers);
    expect(sizes).toEqual(await segmentSizes());
    await picture(page, 'first-start-7-draft-of-the-day');
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { name: '生命周期分群 v2', exact: true }).waitFor();
    await seen(page, '8-version');

    await page.getByRole('link', { name: '报表', exact: true }).first().click();
    await page.getByRole('link', { name: /^客群规模/ }).waitFor();
    await seen(page, '9-reports');
    await page.getByRole('link', { name: /^客群规模/ }).click();
    // The shops of the file closed long ago: the last twelve months hold nothing.
    await page.getByRole('button', { name: '查看全部日期' }).click();
    await page.locator('.report-chart canvas').first().waitFor();
    await seen(page, '10-segment-sizes');
    await page.getByText('表格', { exact: true }).click();
    const segments = await tableRows(page);
    expect(new Map(segments.map((row) => [row[1], count(row[2])]))).toEqual(await segmentSizes());
    expect(segments.map((row) => [row[0], count(row[4])])).toEqual(segments.map(() => [AS_OF_ON, customers]));
    await seen(page, '11-segment-sizes-table');

    await page.goto(`${browser.address}/reports/customers/rfm-grid`);
    await page.locator('.report-chart canvas').first().waitFor();
    await seen(page, '12-rfm-grid');
    await page.getByText('表格', { exact: true }).click();
    const cells = await tableRows(page);
    expect(cells.map((row) => [row[0], row[1], count(row[3]), money(row[4])])).toEqual(await rfmCells());
    expect(sum(cells.map((row) => count(row[3])))).toBe(buyers);
    await seen(page, '13-rfm-grid-table');
    await page.getByRole('button', { name: '查看明细' }).first().click();
    await page.locator('.row-link').first().waitFor();
    await seen(page, '14-customers-of-a-cell');
    expect(faults.get(page)).toEqual([]);
  });

  /** Straight from the facts: orders, who made them, and all customers there are. */
  async function orderTotals(): Promise<Totals> {
    const { count: customers } = await t.db
      .selectFrom('app.customers')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('id', '<>', 0)
      .executeTakeFirstOrThrow();
    const found = await t.db
      .selectFrom('app.orders')
      .select((row) => row.fn.countAll<number>().as('orders'))
      .select(sql<number>`count(distinct nullif(customer_id, 0))`.as('buyers'))
      .executeTakeFirstOrThrow();
    return { ...found, customers };
  }

  /** Customers of each segment by their stays, none left out; those of empty segments are zero. */
  async function segmentSizes(): Promise<Map<string, number>> {
    const rows = await t.owner
      .selectFrom('app.segment_memberships')
      .select(['segment_code', (row) => row.fn.countAll<number>().as('customers')])
      .where('left_on', 'is', null)
      .groupBy('segment_code')
      .execute();
    const size = (code: string) => rows.find((row) => row.segment_code === code)?.customers ?? 0;
    return new Map([
      ['新客', size('new')],
      ['活跃', size('active')],
      ['沉睡', size('dormant')],
      ['其他', size('other')],
    ]);
  }

  async function rfmCells(): Promise<[string, string, number, string][]> {
    const rows = await t.owner
      .selectFrom('app.customer_rfm')
      .select(['recency_score', 'frequency_score'])
      .select((row) => [row.fn.countAll<number>().as('customers'), row.fn.sum<string>('net_amount').as('net')])
      .groupBy(['recency_score', 'frequency_score'])
      .orderBy('recency_score')
      .orderBy('frequency_score')
      .execute();
    return rows.map((row) => [String(row.recency_score), String(row.frequency_score), row.customers, row.net]);
  }
});

const lines = (): string[] => gunzipSync(readFileSync(FILE)).toString('utf8').split('\n').slice(0, LINES);

function ordersFile(): { name: string; mimeType: string; buffer: Buffer } {
  return { name: 'orders-2010-12.csv', mimeType: 'text/csv', buffer: Buffer.from(`${lines().join('\n')}\n`) };
}

/** What the file holds, by the rules of the preset; counted from the end of a line, as descriptions have commas. */
function totalsOfFile(): Totals {
  const cells = lines()
    .slice(1)
    .map((line) => line.split(','));
  const returned = cells.filter((line) => line[0]?.startsWith('C'));
  const sold = cells.filter((line) => !line[0]?.startsWith('C') && Number(line.at(-5)) > 0 && Number(line.at(-3)) > 0);
  const distinct = (rows: string[][], place: number) =>
    new Set(rows.map((line) => line.at(place)).filter(Boolean)).size;
  return {
    orders: distinct(sold, 0),
    buyers: distinct(sold, -2),
    // A cancelled invoice may be of somebody whose order came before the file begins.
    customers: distinct([...sold, ...returned], -2),
  };
}

/** Keeps the picture and lets axe look. */
async function seen(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, `first-start-${name}`);
  expect(await axe(page), name).toEqual([]);
}

async function panelSizes(page: Page): Promise<Map<string, number>> {
  const table = page.locator('.impact-table', { has: page.getByText('客群规模') });
  const rows = await table.locator('tbody tr').all();
  const cells = await Promise.all(rows.map((row) => row.locator('td').allTextContents()));
  return new Map(cells.map((row) => [row[0] ?? '', count(row[1])]));
}

async function tableRows(page: Page): Promise<string[][]> {
  await page.locator('.report-table tbody tr.ant-table-row').first().waitFor();
  const rows = await page.locator('.report-table tbody tr.ant-table-row').all();
  return Promise.all(rows.map((row) => row.locator('td').allTextContents()));
}

const count = (text: string | undefined): number => Number(text?.replaceAll(',', ''));
const money = (text: string | undefined): string => text?.replace(/[^\d.-]/g, '') ?? '';
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0);
