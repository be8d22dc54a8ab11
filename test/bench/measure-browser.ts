/**
 * What a person waits for, in headless Chromium on all cores: the first row of the list with nothing in the cache, the
 * next page, a record; and how much code has to come before the list.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { buildAdmin } from '../../api/start/admin-build.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { serveBare } from './bare-server.ts';
import { percentile } from './load.ts';
import { pinLoad, unpin } from './machine.ts';
import type { Setting } from './setting.ts';

const ROUNDS = 5;
const ADMIN = join(import.meta.dirname, '..', '..', 'admin', 'dist');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface BrowserFigures {
  /** Milliseconds, medians. */
  first_row: number;
  bare_first_row: number;
  next_page: number;
  record: number;
  /** gzip bytes of the scripts loaded before the chunk that draws the list, and of that chunk. */
  before_list: number;
  list_chunk: number;
}

export async function measureBrowser(setting: Setting): Promise<BrowserFigures> {
  unpin();
  await buildAdmin(() => {});
  const bare = await serveBare(join(setting.data_dir, 'bare'), setting.thin_port);
  const executablePath = await findChromium();
  const list = `http://127.0.0.1:${setting.port}/customers`;
  const times = { ours: [] as number[], bare: [] as number[], next: [] as number[], record: [] as number[] };
  let scripts: string[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      await inFreshBrowser(executablePath, setting.cookie, async (page) => {
        times.bare.push(await firstRow(page, `${bare.address}/`, '[data-row-key]'));
      });
      await inFreshBrowser(executablePath, setting.cookie, async (page) => {
        times.ours.push(await firstRow(page, list, 'tr[data-id]'));
        scripts = await scriptsOf(page);
        times.next.push(await nextPage(page));
        times.record.push(await openRecord(page));
      });
    }
  } finally {
    bare.close();
    pinLoad();
  }
  const middle = (values: number[]) => percentile(values, 0.5);
  return {
    first_row: middle(times.ours),
    bare_first_row: middle(times.bare),
    next_page: middle(times.next),
    record: middle(times.record),
    ...sizes(scripts),
  };
}

export async function inFreshBrowser(
  executablePath: string,
  cookie: string,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([{ name, value, domain: '127.0.0.1', path: '/' }]);
    await work(await context.newPage());
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the start of the navigation to the first frame that holds a row. */
async function firstRow(page: Page, url: string, selector: string): Promise<number> {
  await page.addInitScript((wanted) => {
    const look = () => {
      if (!document.querySelector(wanted)) return void requestAnimationFrame(look);
      // The frame after it is in the document is the one that shows it.
      requestAnimationFrame(() => Object.assign(window, { firstRowAt: performance.now() }));
    };
    look();
  }, selector);
  await page.goto(url, { waitUntil: 'commit' });
  const handle = await page.waitForFunction(() => (window as { firstRowAt?: number }).firstRowAt, undefined, {
    timeout: 30_000,
  });
  return (await handle.jsonValue()) as number;
}

/** From the click, where the pointer was for a moment, to the first frame with other rows. */
async function nextPage(page: Page): Promise<number> {
  await rest(page, '.pager-buttons button:last-child');
  return page.evaluate(async () => {
    const first = () => document.querySelector('tr[data-id]')?.getAttribute('data-id');
    const before = first();
    const started = performance.now();
    (document.querySelector('.pager-buttons button:last-child') as HTMLElement).click();
    while (!first() || first() === before) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - started;
  });
}

/** From the click on a row's name, where the pointer rests, to the first frame with all of the record's values. */
async function openRecord(page: Page): Promise<number> {
  await rest(page, 'tr[data-id] .row-link');
  return page.evaluate(async () => {
    const started = performance.now();
    (document.querySelector('tr[data-id] .row-link') as HTMLElement).click();
    const shown = () =>
      document.querySelector('.detail-section dd') && !document.querySelector('.detail-section .skeleton-line');
    while (!shown()) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - started;
  });
}

/** A hand that has come to a place needs about this long to press. */
async function rest(page: Page, selector: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.hover(selector);
  await page.waitForTimeout(150);
}

async function scriptsOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ name }) => new URL(name).pathname),
  );
}

function sizes(scripts: string[]): Pick<BrowserFigures, 'before_list' | 'list_chunk'> {
  const weigh = (path: string) => {
    const file = join(ADMIN, path);
    return existsSync(file) ? gzipSync(readFileSync(file), { level: 9 }).length : 0;
  };
  const isList = (path: string) => /\/list-page-[^/]*\.js$/.test(path);
  if (!scripts.some(isList))
    throw new Error(`no list chunk among ${scripts.join(', ')} of ${readdirSync(ADMIN).length} files`);
  const sum = (paths: string[]) => paths.reduce((total, path) => total + weigh(path), 0);
  return { before_list: sum(scripts.filter((path) => !isList(path))), list_chunk: sum(scripts.filter(isList)) };
}
