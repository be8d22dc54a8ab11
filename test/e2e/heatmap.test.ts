/** The heatmap by screen: what real visitors clicked is shown where they clicked it, over the page itself. */
import { sql } from 'kysely';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEVICE_CLASSES, type DeviceClass } from '../../api/contract-clicks.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { reportStore } from '../../api/report/store.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { BROWSER, measuredPage } from '../api/collecting.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

/** Part of the element's width and height. */
const POINTS = [
  ['hero', 0.2, 0.1],
  ['coupon.coupon', 0.7, 0.6],
  ['growth', 0.9, 0.04],
] as const;
const VISITS = 3;

let t: TestDatabase;
let browser: TestBrowser;
let visitors: Browser;
/** On the page, in its CSS pixels. */
const made = new Map<DeviceClass, { x: number; y: number }[]>();

beforeAll(async () => {
  t = await testDatabase();
  await t.owner.transaction().execute(applyDefaults);
  browser = await testBrowser(t);
  const { id } = await t.owner
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select('app.page_versions.id')
    .where('app.pages.code', '=', 'newcomer_day')
    .executeTakeFirstOrThrow();
  await browser.app.as('operator')('POST', `/api/page_versions/${id}/_actions/publish`, {});
  await measuredPage(t, 'shop', { pattern: 'https://shop.example/*' });
  visitors = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-blink-features=AutomationControlled', `--user-agent=${BROWSER}`],
  });
  for (const device of Object.keys(DEVICE_CLASSES) as DeviceClass[])
    for (let visit = 0; visit < VISITS; visit++) made.set(device, await clickAround(DEVICE_CLASSES[device].drawn));
  await sql`select ops.refresh_click_days()`.execute(t.owner);
}, 300_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await visitors?.close();
  await browser?.close();
  await t?.close();
});

async function stored(): Promise<number> {
  return (await t.owner.selectFrom('app.page_event').select('kind').where('kind', '=', 'click').execute()).length;
}

async function clickAround(width: number): Promise<{ x: number; y: number }[]> {
  const context = await visitors.newContext({
    ...{ userAgent: BROWSER, locale: 'zh-CN', reducedMotion: 'reduce' as const, viewport: { width, height: 800 } },
  });
  const page = await context.newPage();
  await page.goto(`${browser.address}/p/newcomer_day`);
  await page.waitForFunction(() => 'evergreen' in window);
  const before = await stored();
  const points: { x: number; y: number }[] = [];
  for (const [name, part_x, part_y] of POINTS) {
    const element = page.locator(`[data-hm="${name}"]`);
    await element.evaluate((each) => each.scrollIntoView({ block: 'start' }));
    const box = (await element.boundingBox())!;
    const [x, y] = [Math.round(box.x + box.width * part_x), Math.round(box.y + box.height * part_y)];
    await page.mouse.click(x, y);
    points.push({ x, y: y + (await page.evaluate(() => scrollY)) });
  }
  await page.goto('about:blank');
  // Whoever closes a browser at once takes what is on its way along.
  while ((await stored()) < before + POINTS.length) await new Promise((done) => setTimeout(done, 100));
  await context.close();
  return points;
}

test.each(Object.keys(DEVICE_CLASSES) as DeviceClass[])(
  'clicks on a %s are shown within two pixels of where they were made',
  { timeout: 4 * PATIENCE_MS },
  async (device) => {
    const page = await browser.open('analyst', `/reports/heatmap?page=newcomer_day&device=${device}`);
    await page.locator('.heatmap-tile').first().waitFor();
    await expect
      .poll(() => centres(page, made.get(device)!, DEVICE_CLASSES[device].drawn), { timeout: PATIENCE_MS })
      .toHaveLength(POINTS.length);
    const shown = await centres(page, made.get(device)!, DEVICE_CLASSES[device].drawn);
    for (const [at, { x, y }] of made.get(device)!.entries()) {
      expect(Math.abs(shown[at]!.x - x), `${POINTS[at]![0]} x`).toBeLessThanOrEqual(2);
      expect(Math.abs(shown[at]!.y - y), `${POINTS[at]![0]} y`).toBeLessThanOrEqual(2);
    }
    await picture(page, `heatmap-${device}`);
    expect(faults.get(page)).toEqual([]);
  },
);

/** The middle of the heat around each point, in CSS pixels of the page as it is drawn. */
async function centres(
  page: import('playwright-core').Page,
  points: { x: number; y: number }[],
  width: number,
): Promise<{ x: number; y: number }[]> {
  return page.evaluate(
    ([around, wide]) => {
      const tiles = [...document.querySelectorAll<HTMLCanvasElement>('.heatmap-tile')];
      const top = (tiles[0] as HTMLElement).parentElement!.getBoundingClientRect().top;
      return around.flatMap(({ x, y }) => {
        let [weight, sum_x, sum_y] = [0, 0, 0];
        for (const tile of tiles) {
          const rect = tile.getBoundingClientRect();
          const scale = tile.width / wide;
          const from_y = ((rect.top - top) * scale) / (rect.width / wide) / scale;
          const reach = 14;
          const [left, upper] = [Math.floor((x - reach) * scale), Math.floor((y - from_y - reach) * scale)];
          const size = Math.ceil(2 * reach * scale);
          if (upper > tile.height || upper + size < 0) continue;
          const { data } = tile.getContext('2d')!.getImageData(left, upper, size, size);
          for (let at = 0; at < size * size; at++) {
            const alpha = data[at * 4 + 3]!;
            weight += alpha;
            sum_x += alpha * ((left + (at % size) + 0.5) / scale);
            sum_y += alpha * ((upper + Math.floor(at / size) + 0.5) / scale + from_y);
          }
        }
        return weight > 0 ? [{ x: sum_x / weight, y: sum_y / weight }] : [];
      });
    },
    [points, width] as const,
  );
}

test('an analyst finds it among the reports, changes layer and device, and reads the table', {
  timeout: 6 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('analyst', '/reports');
  await page.getByRole('link', { name: '点击热力图' }).click();
  await page.locator('tr[data-element="hero"]').waitFor();
  expect(await page.locator('tr[data-element="hero"]').textContent()).toContain('100.0%');
  await page.locator('tr[data-element="hero"]').hover();
  await page.locator('.heatmap-outline').waitFor();
  await page.getByText('滚动深度', { exact: true }).first().click();
  await page.waitForURL(/layer=scroll/);
  await picture(page, 'heatmap-scroll');
  await page.getByText('电脑', { exact: true }).first().click();
  await page.waitForURL(/device=desktop/);
  await page.locator('tr[data-element="hero"]').waitFor();
  expect(await axe(page)).toEqual([]);
  expect(faults.get(page)).toEqual([]);
});

test('another period beside it, in English, dark and on a telephone; a page of others shows its tag', {
  timeout: 6 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('analyst', '/reports/heatmap?page=newcomer_day&with=before', {
    lang: 'en',
    theme: 'dark',
  });
  await page.locator('figcaption').nth(1).waitFor();
  await page.getByRole('columnheader', { name: 'The period before' }).waitFor();
  await picture(page, 'heatmap-compared');
  const small = await browser.open('analyst', '/reports/heatmap?page=newcomer_day', { width: 390, height: 844 });
  await small.locator('tr[data-element="hero"]').waitFor();
  expect(await small.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await picture(small, 'heatmap-small');
  const shop = await browser.open('analyst', '/reports/heatmap?page=shop');
  await shop.getByText('data-page="shop"').waitFor();
  expect(await shop.locator('iframe').count()).toBe(0);
  expect([faults.get(page), faults.get(small), faults.get(shop)]).toEqual([[], [], []]);
});
