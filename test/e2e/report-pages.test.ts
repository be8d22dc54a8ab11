/** The pages of reports with figures on them: clean by axe in light and dark, and a board that is opened and closed leaves nothing behind. */
import type { CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportCatalogue } from '../../api/contract-reports.ts';
import { runJob } from '../../api/jobs.ts';
import { readMoment } from '../../api/programme.ts';
import { reportStore } from '../../api/report/store.ts';
import { seedMany } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, type Look, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

/** Everything on it follows from customers and their orders. */
const BOARD = 'customers';
let t: TestDatabase;
let browser: TestBrowser;
let catalogue: ReportCatalogue;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  // Up to today, as the usual periods of reports are.
  await seedMany(t.owner, { customers: 400, orders: 5_000 });
  const { today } = await readMoment(t.db, null);
  for (const job of ['cohorts', 'customer_values', 'customer_clusters']) {
    const { state, error } = await runJob(browser.app.deps, job, today);
    expect([job, state, error]).toEqual([job, 'done', null]);
  }
  catalogue = (await (await browser.app.as('administrator')('GET', '/api/_reports')).json()) as ReportCatalogue;
}, 240_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

/** Nothing is awaited, and every chart that is asked for has come to rest. */
async function settled(page: Page): Promise<void> {
  await page.locator('#main h1').first().waitFor();
  await page.waitForFunction(() => {
    const awaited = '[aria-busy="true"], .ant-skeleton, .report-chart:not(:has(canvas))';
    // Further down a panel waits until it is scrolled to.
    return [...document.querySelectorAll(`#main :is(${awaited})`)].every(
      (each) => each.getBoundingClientRect().top > innerHeight,
    );
  });
}

const LOOKS: Look[] = [
  { lang: 'zh', theme: 'light', width: 1440, height: 4_000 },
  { lang: 'en', theme: 'dark', width: 390, height: 4_000 },
];
for (const look of LOOKS) {
  test(`the pages of reports are clean in ${look.lang}, ${look.theme}, ${look.width} wide`, {
    timeout: 30 * PATIENCE_MS,
  }, async () => {
    const paths = [
      '/reports',
      ...catalogue.areas.map(({ name }) => `/reports/${name}`),
      // The heatmap's own test has pages for it.
      ...catalogue.pages.filter((slug) => slug !== 'heatmap').map((slug) => `/reports/${slug}`),
      '/reports/metrics/orders',
      '/reports/customers/cohorts-30-day',
      '/reports/sales/orders-by-day',
      '/reports/sales/orders-by-day?_view=table',
      '/reports/edit',
      '/alerts',
    ];
    const page = await browser.open('administrator', '/reports', look);
    const found: string[] = [];
    for (const path of paths) {
      await page.goto(browser.address + path);
      await settled(page);
      await picture(page, `reports${path.replace(/\W+/g, '-')}-${look.lang}-${look.theme}-${look.width}`);
      found.push(...(await axe(page)).map((each) => `${path} ${each}`));
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wider > 0) found.push(`${path} is ${wider} px wider than the window`);
    }
    expect(found).toEqual([]);
    expect(faults.get(page)).toEqual([]);
  });
}

interface Kept {
  bytes: number;
  nodes: number;
  listeners: number;
}

/** What the page still holds once everything that nobody refers to is gone. */
async function kept(session: CDPSession): Promise<Kept> {
  // What finalisers let go of is found by the next round.
  for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((each) => each.name === name)!.value;
  return { bytes: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

/** Part of the height of a chart where its bars are. */
const LOW = 0.72;

/** The middle of the first bar that reaches so high, as a part of the width. */
function barIn(canvas: Locator): Promise<number> {
  return canvas.evaluate((drawn: HTMLCanvasElement, low) => {
    const { width, height } = drawn;
    const { data } = drawn.getContext('2d')!.getImageData(0, Math.round(height * low), width, 1);
    let from = -1;
    for (let at = 0; at < width; at++) {
      const green = data[at * 4 + 3]! > 100 && data[at * 4 + 1]! > data[at * 4]! + 30;
      if (green && from < 0) from = at;
      if (green || from < 0) continue;
      if (at - from > 8) return (from + at) / 2 / width;
      from = -1;
    }
    throw new Error('no bar');
  }, LOW);
}

test('a click on a month narrows the other reports of a board, and only those that know of months', {
  timeout: 8 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('administrator', '/reports/board', LOOKS[0]!);
  await settled(page);
  const panel = (title: string) => page.locator('.board-panel', { has: page.getByRole('link', { name: title }) });
  const runs: string[] = [];
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.pathname.startsWith('/api/_reports/run/'))
      runs.push(`${address.pathname.slice('/api/_reports/run/'.length)}?${address.searchParams.get('period') ?? ''}`);
  });
  const months = panel('每月订单');
  const box = (await months.locator('canvas').boundingBox())!;
  // Once, since the same click again would take it away.
  await page.mouse.click(box.x + box.width * (await barIn(months.locator('canvas'))), box.y + box.height * LOW);
  await page.waitForURL(/_clicked/);
  const month = new URL(page.url()).searchParams.get('period')!;
  expect(month).toMatch(/^\d{4}-\d{2}$/);
  await expect.poll(() => runs).toContain(`tiers/upgrade-rate?${month}`);
  await settled(page);
  expect(runs.filter((run) => run.startsWith('sales/orders-by-month'))).toEqual([]);
  expect(await months.locator('.board-clicked').textContent()).toContain(month);
  expect(await panel('数据质量').textContent()).toContain('不受筛选影响');
  expect(await panel('每月升级率').textContent()).not.toContain('不受筛选影响');
  await picture(page, 'board-narrowed');
  expect(await axe(page)).toEqual([]);
  await page.goBack();
  await page.locator('.board-clicked').waitFor({ state: 'detached' });
  await page.goForward();
  await months.locator('.board-clicked').click();
  await page.waitForURL((url) => !url.search.includes('period'));
  expect(faults.get(page)).toEqual([]);
});

test('what several reports ask for is asked once, above them', { timeout: 8 * PATIENCE_MS }, async () => {
  const page = await browser.open('administrator', '/reports/board?period=nonsense', LOOKS[1]!);
  await settled(page);
  expect(await page.locator('.board-panel .ant-alert').count()).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.locator('.board-panel .ant-alert').first().waitFor({ state: 'detached' });
  const asked = page.waitForRequest((request) => /upgrade-rate\?.*period=last_90d/.test(request.url()));
  await page.locator('.report-range-name').first().click();
  await page.locator('.ant-select-item-option[title="Last 90 days"]').click();
  await asked;
  await page.waitForURL(/period=last_90d/);
  await settled(page);
  await picture(page, 'board-asked');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a board that is opened and closed fifty times leaves nothing behind', { timeout: 40 * PATIENCE_MS }, async () => {
  const page = await browser.open('manager', '/reports');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const openAndClose = async () => {
    await page.locator(`a[href="/reports/${BOARD}"]`).first().click();
    await page.locator('.board-panel').first().waitFor();
    await settled(page);
    expect(await page.locator('.board-panel .report-chart canvas').count()).toBeGreaterThan(3);
    await page.locator('.report-path a').click();
    await page.locator(`a[href="/reports/${BOARD}"]`).first().waitFor();
  };
  const after = async (times: number): Promise<Kept> => {
    for (let time = 0; time < times; time++) await openAndClose();
    return kept(session);
  };

  const ten = await after(10);
  const fifty = await after(40);

  const growth = {
    bytes: fifty.bytes / ten.bytes,
    nodes: fifty.nodes / ten.nodes,
    listeners: fifty.listeners / ten.listeners,
  };
  for (const [what, times] of Object.entries(growth))
    expect(times, `${what} after 50 and after 10: ${JSON.stringify([fifty, ten])}`).toBeLessThan(1.15);
  expect(faults.get(page)).toEqual([]);
});
