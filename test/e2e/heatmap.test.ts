/** The heatmap by screen: what real visitors clicked is shown where they clicked it, over the page itself. */
import { sql } from 'kysely';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ClickMap, DEVICE_CLASSES, type DeviceClass } from '../../api/contract-clicks.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { reportStore } from '../../api/report/store.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { BROWSER, measuredPage } from '../api/collecting.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';
import { centres, type Point } from './heat.ts';

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
const made = new Map<DeviceClass, Point[]>();

beforeAll(async () => {
  t = await testDatabase();
  await t.owner.transaction().execute(applyDefaults);
  browser = await testBrowser(t);
  await publish('newcomer_day');
  await publish('referral');
  await measuredPage(t, 'shop', { pattern: 'https://shop.example/*' });
  visitors = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-blink-features=AutomationControlled', `--user-agent=${BROWSER}`],
  });
  for (const device of Object.keys(DEVICE_CLASSES) as DeviceClass[])
    for (let visit = 0; visit < VISITS; visit++) made.set(device, await clickAround(DEVICE_CLASSES[device].drawn));
  for (let visit = 0; visit < VISITS; visit++) await troubled();
  await sql`select ops.refresh_click_days()`.execute(t.owner);
}, 300_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await visitors?.close();
  await browser?.close();
  await t?.close();
});

async function publish(code: string): Promise<void> {
  const { id } = await t.owner
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select('app.page_versions.id')
    .where('app.pages.code', '=', code)
    .executeTakeFirstOrThrow();
  await browser.app.as('operator')('POST', `/api/page_versions/${id}/_actions/publish`, {});
}

const arrived = (kind: string, count: number) =>
  vi.waitFor(async () => expect(await stored(kind)).toBe(count), { timeout: PATIENCE_MS, interval: 100 });

async function stored(kind = 'click'): Promise<number> {
  return (await t.owner.selectFrom('app.page_event').select('kind').where('kind', '=', kind).execute()).length;
}

async function visitor(width: number, code: string): Promise<Page> {
  const context = await visitors.newContext({
    ...{ userAgent: BROWSER, locale: 'zh-CN', reducedMotion: 'reduce' as const, viewport: { width, height: 800 } },
  });
  const page = await context.newPage();
  await page.goto(`${browser.address}/p/${code}`);
  await page.waitForFunction(() => 'evergreen' in window);
  return page;
}

async function clickAround(width: number): Promise<Point[]> {
  const page = await visitor(width, 'newcomer_day');
  const before = await stored();
  const points: Point[] = [];
  for (const [name, part_x, part_y] of POINTS) {
    const element = page.locator(`[data-hm="${name}"]`);
    await element.evaluate((each) => each.scrollIntoView({ block: 'start' }));
    const box = (await element.boundingBox())!;
    const [x, y] = [Math.round(box.x + box.width * part_x), Math.round(box.y + box.height * part_y)];
    await page.mouse.click(x, y);
    points.push({ x, y: y + (await page.evaluate(() => scrollY)) });
  }
  await leave(page, before + POINTS.length);
  return points;
}

/** Whoever closes a browser at once takes what is on its way along. @param until so many clicks are stored */
async function leave(page: Page, until: number): Promise<void> {
  await page.goto('about:blank');
  await arrived('click', until);
  await page.context().close();
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

/** Somebody who clicks three times on what does nothing, on a page whose layout changes, in a window that is made narrower. */
const TROUBLED = {
  rage: { element: 'hero', part: { x: 0.7, y: 0.2 }, device: 'desktop' },
  dead: { element: 'hero', part: { x: 0.7, y: 0.2 }, device: 'desktop' },
  moved: { element: 'how', part: { x: 0.9, y: 0.5 }, device: 'desktop' },
  narrow: { element: 'ladder', part: { x: 0.2, y: 0.6 }, device: 'phone' },
} as const;
type Trouble = (typeof TROUBLED)[keyof typeof TROUBLED];

async function troubled(): Promise<void> {
  const page = await visitor(1440, 'referral');
  const [clicks, dead] = [await stored(), await stored('dead')];
  const press = async (trouble: Trouble) => {
    await page.locator(`[data-hm="${trouble.element}"]`).evaluate((each) => each.scrollIntoView({ block: 'center' }));
    const { x, y } = await pointOf(page, trouble);
    await page.mouse.click(x, y);
  };
  // Still before the first click: scrolling would be its effect.
  await page.locator('[data-hm="hero"]').evaluate((each) => each.scrollIntoView({ block: 'center' }));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { x, y } = await pointOf(page, TROUBLED.rage);
  for (let at = 0; at < 3; at++) await page.mouse.click(x, y);
  await arrived('dead', dead + 3);
  await page.locator('[data-hm="how"]').evaluate(({ style }: HTMLElement) => {
    Object.assign(style, { margin: '120px 0 0 200px', width: '400px', padding: '60px' });
  });
  const effect = () => page.evaluate(() => document.body.toggleAttribute('data-done'));
  await press(TROUBLED.moved);
  await effect();
  await page.setViewportSize({ width: 390, height: 800 });
  await press(TROUBLED.narrow);
  await effect();
  await leave(page, clicks + 5);
}

/** In the window, whatever has become of the element. */
async function pointOf(page: Page, { element, part }: Trouble): Promise<Point> {
  const box = (await page.locator(`[data-hm="${element}"]`).boundingBox())!;
  return { x: Math.round(box.x + box.width * part.x), y: Math.round(box.y + box.height * part.y) };
}

test.each([
  ['rage', TROUBLED.rage],
  ['dead', TROUBLED.dead],
  ['clicks', TROUBLED.moved],
  ['clicks', TROUBLED.narrow],
] as const)(
  '%s of a visitor in trouble are shown within two pixels of where the page has what was clicked',
  {
    timeout: 4 * PATIENCE_MS,
  },
  async (layer, trouble) => {
    const { drawn } = DEVICE_CLASSES[trouble.device];
    const plain = await visitor(drawn, 'referral');
    const wanted = await pointOf(plain, trouble);
    await plain.context().close();
    const page = await browser.open(
      'analyst',
      `/reports/heatmap?page=referral&device=${trouble.device}&layer=${layer}`,
    );
    const shown = () => centres(page, [wanted], drawn);
    await expect.poll(shown, { timeout: PATIENCE_MS }).toHaveLength(1);
    const [point] = await shown();
    expect(Math.abs(point!.x - wanted.x), 'x').toBeLessThanOrEqual(2);
    expect(Math.abs(point!.y - wanted.y), 'y').toBeLessThanOrEqual(2);
    await picture(page, `heatmap-${layer}-${trouble.element}`);
    expect(faults.get(page)).toEqual([]);
  },
);

test('they are counted as often as they were made', async () => {
  const map = '/api/_clicks/map?page=referral&device=desktop';
  const { elements, places } = (await (await browser.app.as('analyst')('GET', map)).json()) as ClickMap;
  const clicked = elements.filter(({ click_count }) => click_count > 0);
  const counts = clicked.map((each) => [each.element, each.click_count, each.rage_count, each.dead_count]);
  expect(counts).toEqual([
    ['hero', 3 * VISITS, VISITS, 3 * VISITS],
    ['how', VISITS, 0, 0],
  ]);
  expect(places.shown_count).toBe(4 * VISITS);
});

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
