/**
 * Every text that people, programs and files may store is markup with a script in it; then every kind of screen is opened.
 * It is shown as what it is: letters. Nothing runs, nothing of it becomes an element, and the page's policy is not even asked.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Field, ImportStatus, Json, Resource, Row } from '../../api/contract.ts';
import { importDone } from '../../api/import/run.ts';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { oneOfEach } from '../one-of-each.ts';
import { jobDeps, publishRules } from '../sql/segments.ts';
import { PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';
import { aBackTest, ownPages } from './own-pages.ts';

const LONG = `"><img src=x onerror=egXss()><svg/onload=egXss()><script>egXss()</script><a href="javascript:egXss()">go</a>\`{{egXss()}}\``;
const MIDDLE = '<img src=x onerror=egXss()>';
const SHORT = '<svg/onload=egXss()>';
/** As much of it as fits. */
const payload = (max: number) => (max >= LONG.length ? LONG : max >= MIDDLE.length ? MIDDLE : SHORT);
const RECORDS = 4;

let t: TestDatabase;
let browser: TestBrowser;
let ids: Map<string, number>;
let upload: number;
let backTest: number;
let stored = 0;
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  ids = await oneOfEach({ t, a: browser.app }, () => MIDDLE);
  const rules = [{ code: 'all', name: MIDDLE, name_en: MIDDLE, condition: { order_count: { gte: 1 } } }];
  await publishRules(t, 'marked', rules, '2026-01-01');
  for (const day of ['2026-02-01'])
    await t.db
      .insertInto('app.dirty_days')
      .values({ fact_table: 'orders', day })
      .onConflict((c) => c.doNothing())
      .execute();
  await runJob(jobDeps(t), 'refresh_rollups', today);
  await runJob(jobDeps(t), 'segment_snapshot', today);
  for (const resource of browser.app.deps.resources.values()) await fill(resource);
  upload = await wrongFile();
  backTest = await aBackTest(browser.app, MIDDLE);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  browser.app.as('administrator')(method, path, body, headers);

/** Each text of the first records, one by one, so that one that is refused keeps none of the others out. */
async function fill(resource: Resource): Promise<void> {
  const list = await ask('GET', `/api/${resource.name}?_start=0&_end=${RECORDS}&_sort=id`);
  for (const row of (await list.json()) as Row[]) {
    for (const [name, field] of Object.entries(resource.fields)) {
      const value = marked(field, row[name] ?? null);
      if (value === null || field.readonly || field.frozen) continue;
      const answer = await ask('PATCH', `/api/${resource.name}/${row.id}`, { [name]: value });
      expect(answer.status, resource.name).toBeLessThan(500);
      if (answer.status === 200) stored++;
    }
  }
}

function marked(field: Field, value: Json): Json {
  if (field.kind === 'text' || field.kind === 'longtext') return payload(field.max ?? 1000);
  if (field.kind === 'tags') return [MIDDLE, 'plain'];
  if ((field.kind === 'items' || field.kind === 'rows') && Array.isArray(value) && value.length > 0) {
    const texts = Object.entries(field.fields).filter(
      ([, part]) => part.kind === 'text' && !part.pattern && !part.readonly,
    );
    if (texts.length === 0) return null;
    return (value as Row[]).map((item) => ({
      ...item,
      ...Object.fromEntries(texts.map(([name, part]) => [name, payload((part as { max?: number }).max ?? 1000)])),
    }));
  }
  return null;
}

/** A file of which every name, header and cell is marked, checked, with what is wrong told. */
async function wrongFile(): Promise<number> {
  const file = `external_id,name,price,${MIDDLE}\n${MIDDLE},${MIDDLE},${MIDDLE},${MIDDLE}\none-sku,${MIDDLE},5,y\n`;
  const path = `/api/products/_import?file_name=${encodeURIComponent(`${MIDDLE}.csv`)}`;
  const found = (await (
    await ask('POST', path, file, { 'content-type': 'application/octet-stream' })
  ).json()) as ImportStatus;
  const mapping = { columns: { external_id: 'external_id', name: 'name', price: 'price' } };
  await ask('PATCH', `/api/_imports/${found.id}`, { mapping, mode: 'upsert' });
  await ask('POST', '/api/_import_presets', { resource: 'products', name: MIDDLE, mapping });
  await ask('POST', `/api/_imports/${found.id}/_check`);
  await importDone(browser.app.deps, found.id);
  return found.id;
}

interface Watched {
  ran: number;
  violations: string[];
  elements: string[];
  shown: boolean;
}
declare global {
  interface Window {
    egXss(): void;
    eg: { ran: number; violations: string[] };
  }
}

/** A page that notices whatever a stored script could do. */
async function watched(path: string): Promise<{ page: Page; elsewhere: string[] }> {
  const page = await browser.open('administrator', '/');
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${browser.address}/`) && !/^(data|blob):/.test(url)) elsewhere.push(url);
    if (new URL(url).pathname.split('/').at(-1) === 'x') elsewhere.push(url);
  });
  page.on('dialog', (dialog) => {
    elsewhere.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    window.eg = { ran: 0, violations: [] };
    window.egXss = () => void window.eg.ran++;
    document.addEventListener('securitypolicyviolation', (event) =>
      window.eg.violations.push(`${event.violatedDirective} ${event.sample}`),
    );
  });
  await page.goto(browser.address + path);
  return { page, elsewhere };
}

/** What of the payload became more than letters. */
function look(page: Page): Promise<Watched> {
  return page.evaluate(() => {
    const elements = [...document.querySelectorAll('*')].filter((element) => {
      const bad = [...element.attributes].some(
        ({ name, value }) =>
          name.startsWith('on') ||
          (/^(href|src|action|formaction|xlink:href)$/.test(name) && /^\s*javascript:/i.test(value)),
      );
      return (
        bad ||
        element.getAttribute('src') === 'x' ||
        (element.localName === 'script' && element.textContent.includes('egXss'))
      );
    });
    return {
      ...window.eg,
      elements: elements.map((each) => each.outerHTML.slice(0, 200)),
      shown: [...document.querySelectorAll('#main, [role=dialog]')].some((each) => each.textContent.includes('egXss')),
    };
  });
}

/** Another address of the same application, without loading it anew. */
async function go(page: Page, path: string): Promise<void> {
  const before = await page.evaluate((to) => {
    const text = document.querySelector('#main')?.textContent ?? '';
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
    return text;
  }, path);
  await settled(page, before);
}

/**
 * Waits until the screen itself, not what stands around it on every screen, is drawn.
 * @param before what the screen that is left said
 */
async function settled(page: Page, before = ''): Promise<void> {
  await page.waitForFunction((old) => {
    const text = [...document.querySelectorAll('#main, [role=dialog]')].at(-1)?.textContent ?? '';
    const drawn = document.querySelector('#main [aria-busy=true], #main .skeleton-line') === null;
    const empty = document.querySelector('#main .empty') !== null;
    return text !== old && drawn && (text.includes('egXss') || text.length > 60 || empty);
  }, before);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

test('hundreds of texts were stored as they were sent', () => {
  expect(stored).toBeGreaterThan(60);
});

test('lists, cards, boards, calendars, trees, records, forms, histories and trash of every resource show letters', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const { page, elsewhere } = await watched('/products');
  await page.locator('.row-link').first().waitFor();
  const shown = new Set<string>();
  const visit = async (path: string, within?: () => Promise<void>) => {
    await go(page, path);
    await within?.();
    const { shown: letters, ...harm } = await look(page);
    expect({ path, ...harm }).toEqual({ path, ran: 0, violations: [], elements: [] });
    if (letters) shown.add(path);
  };
  for (const [place, resource] of [...browser.app.deps.resources.values()].entries()) {
    const { name, list } = resource;
    const id = ids.get(name);
    if (id === undefined) continue;
    await visit(`/${name}`);
    // What is drawn by the same code for all is looked at for some.
    const some = place % 4 === 0;
    if (some || list.layouts) await visit(`/${name}?layout=cards`);
    for (const layout of ['kanban', 'calendar', 'tree'] as const)
      if (list.layouts && layout in list.layouts) await visit(`/${name}?layout=${layout}`);
    await visit(`/${name}/${id}`, async () => {
      const history = page.getByRole('button', { name: '变更历史' });
      if (!some || (await history.count()) === 0) return;
      await history.click();
      await page.getByRole('dialog').waitFor();
      await settled(page);
      const harm = await look(page);
      expect(harm).toMatchObject({ ran: 0, violations: [], elements: [] });
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });
    if ((resource.offers ?? 'crudix').includes('u')) await visit(`/${name}/${id}/edit`);
    if (some && (resource.offers ?? 'crudix').includes('d')) await visit(`/${name}/trash`);
  }
  const examples = {
    '/reports/*': '/reports',
    '/back-tests/:id': `/back-tests/${backTest}`,
    '/v/:code': '/v/nothing<svg onload=egXss()>',
  };
  for (const path of [...ownPages(examples), `/products/import/${upload}`, '/<img src=x onerror=egXss()>'])
    await visit(path);
  expect(elsewhere).toEqual([]);
  // They were looked at with the texts on them.
  expect(shown.size, [...shown].join()).toBeGreaterThan(50);
  expect([...shown]).toEqual(
    expect.arrayContaining([
      '/permissions',
      '/back-tests',
      `/back-tests/${backTest}`,
      `/products/import/${upload}`,
      '/tiers',
      `/campaigns/${ids.get('campaigns')}`,
    ]),
  );
  await picture(page, 'xss-last');
});

test('so do the palette, quick looks, dialogs and what is said of a record that cannot be saved', {
  timeout: 4 * PATIENCE_MS,
}, async () => {
  const { page, elsewhere } = await watched('/order_lines');
  await page.locator('.row-link').first().waitFor();
  const clean = async () =>
    expect(await look(page)).toMatchObject({ ran: 0, violations: [], elements: [], shown: true });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('egXss');
  await page.getByRole('option', { name: /egXss/ }).first().waitFor();
  await clean();
  await picture(page, 'xss-palette');
  await page.keyboard.press('Escape');
  const relation = page.locator('tbody a').filter({ hasText: 'egXss' }).first();
  if (await relation.count()) {
    await relation.click();
    await page.getByRole('dialog').waitFor();
    await settled(page);
    await clean();
    await page.keyboard.press('Escape');
  }
  // Filters in the address are shown as chips, refusals of the server as sentences.
  await page.goto(
    `${browser.address}/products?where=${encodeURIComponent(JSON.stringify({ category: { eq: MIDDLE } }))}&q=${encodeURIComponent(SHORT)}`,
  );
  await settled(page);
  await clean();
  await page.goto(
    `${browser.address}/products?where=${encodeURIComponent(JSON.stringify({ [MIDDLE]: { eq: 1 } }))}&sort=${encodeURIComponent(SHORT)}`,
  );
  await settled(page);
  expect(await look(page)).toMatchObject({ ran: 0, violations: [], elements: [] });
  // Deleting asks by name, and says what still names it.
  await page.goto(`${browser.address}/products/${ids.get('products')}`);
  await settled(page);
  await page.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '删除' }).click();
  await page.getByRole('dialog').waitFor();
  await settled(page);
  await clean();
  await picture(page, 'xss-delete');
  expect(elsewhere).toEqual([]);
});

test('so do charts, their tables, legends and tooltips', { timeout: 4 * PATIENCE_MS }, async () => {
  const { page, elsewhere } = await watched('/reports/segments/segment-sizes?rule_set=marked');
  const chart = page.locator('.report-chart canvas').first();
  await chart.waitFor();
  const box = (await chart.boundingBox())!;
  for (const part of [0.2, 0.4, 0.6, 0.8, 0.97]) {
    await page.mouse.move(box.x + box.width * part, box.y + box.height / 2);
    await page.waitForTimeout(150);
    expect(await look(page)).toMatchObject({ ran: 0, violations: [], elements: [] });
  }
  await picture(page, 'xss-chart');
  await page.getByText(/egXss/).first().waitFor();
  expect(elsewhere).toEqual([]);
});

test('and were one of them forgotten, the policy of the page would still stop it', async () => {
  const { page } = await watched('/products');
  await page.locator('.row-link').first().waitFor();
  const answer = await page.request.get(`${browser.address}/products`);
  expect(answer.headers()['content-security-policy']).toMatch(/script-src 'self'(;|$)/);
  await page.evaluate((markup) => {
    const box = document.createElement('div');
    box.innerHTML = markup;
    document.body.append(box);
    const script = document.createElement('script');
    script.textContent = 'egXss()';
    document.body.append(script);
    const far = document.createElement('script');
    far.src = 'https://evil.example/x.js';
    document.body.append(far);
  }, LONG);
  await expect.poll(async () => (await look(page)).violations.length).toBeGreaterThan(2);
  // So that the test above can be trusted: this is what it would have seen.
  const seen = await look(page);
  expect(seen.ran).toBe(0);
  expect(seen.elements.length).toBeGreaterThan(2);
});
