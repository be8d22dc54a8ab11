/** Every kind of screen: clean by axe, no wider than its window, pictures kept for the eye. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, type Look, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';
import { aBackTest, ownPages } from './own-pages.ts';

let t: TestDatabase;
let browser: TestBrowser;
let backTest: number;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  const long = '一个名字特别特别长的会员等级用来看看排版会不会被撑开'.repeat(1).slice(0, 40);
  for (const [at, name] of ['普通会员', '银卡会员', long].entries()) {
    const answer = await browser.app.as('administrator')('POST', '/api/tiers', {
      code: `look_${at}`,
      name,
      name_en: at === 2 ? 'A tier whose name is quite long indeed' : `Tier ${at}`,
      rank: 200 + at,
      color: '#1f6f4a',
      basis: 'spend',
      window_kind: 'rolling',
      window_days: 365,
      enter_at: `${at}000.00`,
      description: 'A line\nand another, with <b>signs</b> & more.',
    });
    expect(answer.status).toBe(201);
  }
  backTest = await aBackTest(browser.app, 'One more point');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

const LOOKS: Look[] = [
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 1440 },
  { lang: 'zh', theme: 'dark', width: 390, height: 844 },
  { lang: 'en', theme: 'light', width: 390, height: 844 },
];
type Screen = [name: string, path: string, ready: (page: Page) => Promise<void>];
const shown = (selector: string) => async (page: Page) => page.locator(selector).first().waitFor();
const SCREENS: Screen[] = [
  ['home', '/', shown('.home-card')],
  ['list', '/tiers', shown('.row-link')],
  ['list-filtered', '/tiers?q=zzz&where={"rank":{"gte":1}}', shown('.empty')],
  ['list-empty', '/customers?q=nobody', shown('.empty, .row-link')],
  ['create', '/tiers/new', shown('.record-form')],
  ['import', '/tiers/import', shown('.drop')],
  ['not-found', '/tiers/1/2/3', shown('.empty')],
  ['permissions', '/permissions', shown('.perm-edit button')],
  ['api-reference', '/api-reference', shown('.api-main h2')],
  ['trash', '/tiers/trash', shown('.empty')],
  [
    'import-errors',
    '/tiers/import',
    async (page) => {
      const text = `code,name,rank\nlook_0,${'一个很长的名称'.repeat(4)},200\nlook_9,Nine,nine\n`;
      const file = { name: 'tiers.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.locator('.mapping-fields').waitFor();
      await page.locator('.import-foot .button-primary').click();
      await page.locator('.mapping-rows').first().waitFor();
    },
  ],
  [
    'filter',
    '/tiers',
    async (page) => {
      await page.locator('.row-link').first().waitFor();
      await page.locator('.toolbar .popup button').first().click();
      await page.locator('.filter-fields .menu-item').nth(5).click();
      await page.locator('.operator-list, .filter-control').first().waitFor();
    },
  ],
  [
    'errors',
    '/tiers/new',
    async (page) => {
      await page.locator('.record-form button[type=submit]').click();
      await page.locator('.error-summary').waitFor();
    },
  ],
  [
    'palette',
    '/tiers',
    async (page) => {
      await page.locator('.row-link').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('.palette-entry').first().waitFor();
    },
  ],
];

async function inspect(page: Page, name: string, look: Look): Promise<void> {
  const label = `${name}-${look.lang}-${look.theme}-${look.width}`;
  await picture(page, label);
  expect(await axe(page), label).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${label} is wider than its window`).toBe(0);
  expect(faults.get(page), label).toEqual([]);
}

/** What is on the screen is there, and nothing is still awaited. */
async function drawn(page: Page): Promise<void> {
  await page.locator('#main :is(.page, .report-page, .home-card, .empty, h1)').first().waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector('#main [aria-busy=true], #main .skeleton-line, #main .skeleton, #main .ant-skeleton') ===
      null,
  );
}

for (const look of LOOKS) {
  test(`pages of their own are clean in ${look.lang}, ${look.theme}, ${look.width} wide`, {
    timeout: 8 * PATIENCE_MS,
  }, async () => {
    const seen = new Set(SCREENS.map(([, path]) => path));
    const pages = ownPages({
      '/reports/*': '/reports',
      '/back-tests/:id': `/back-tests/${backTest}`,
      '/v/:code': '/v/none',
    });
    for (const path of pages.filter((each) => !seen.has(each))) {
      const page = await browser.open('administrator', path, look);
      await drawn(page);
      await inspect(page, `own${path.replace(/\W+/g, '-')}`, look);
    }
  });
  for (const [name, path, ready] of SCREENS) {
    test(`${name} is clean in ${look.lang}, ${look.theme}, ${look.width} wide`, {
      timeout: 3 * PATIENCE_MS,
    }, async () => {
      const page = await browser.open('administrator', path, look);
      await ready(page);
      await inspect(page, name, look);
    });
  }
  test(`record, history and door are clean in ${look.lang}, ${look.theme}, ${look.width} wide`, {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const rows = (await (await browser.app.as('administrator')('GET', '/api/tiers?code=look_2')).json()) as {
      id: number;
    }[];
    const page = await browser.open('administrator', `/tiers/${rows[0]?.id}`, look);
    await page.locator('.detail-section').first().waitFor();
    await inspect(page, 'record', look);
    await page.keyboard.press('h');
    await page.locator('.history li').first().waitFor();
    await inspect(page, 'history', look);
    await page.goto(`${browser.address}/tiers/${rows[0]?.id}/edit`);
    await page.locator('.record-form').waitFor();
    await inspect(page, 'edit', look);
    const door = await browser.open(null, '/sign-in', look);
    await door.locator('.door-form').waitFor();
    await inspect(door, 'door', look);
  });
}
