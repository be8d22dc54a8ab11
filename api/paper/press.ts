/**
 * A process of its own that prints pages of the built console with a headless Chromium. It is told what the page may read; there is
 * no network, no sign-in and no cookie in it: every request of the page is answered here or not at all.
 */
import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { presentChromium } from '../start/chromium.ts';
import { staticFiles } from '../static-files.ts';
import type { PressAnswer, PressJob } from './print.ts';

const ORIGIN = 'https://evergreen.invalid';
/** Only our own scripts, and nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND',
];
/** Canvases are drawn for paper: two dots where a screen has one. */
const DENSITY = 2;

const files = staticFiles(join(import.meta.dirname, '..', '..', 'admin', 'dist'));
let browser: Browser | null = null;

process.on('message', (job: PressJob) => {
  void print(job).then(
    (pdf) => tell({ pdf }),
    (error: unknown) => tell({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
// Whoever wanted the pages is gone.
process.on('disconnect', () => void leave());

function tell(answer: PressAnswer): void {
  if (process.connected) process.send!(answer);
}

async function leave(): Promise<void> {
  await browser?.close().catch(() => undefined);
  process.exit(0);
}

async function print(job: PressJob): Promise<Uint8Array | null> {
  if (!browser?.isConnected()) {
    const executablePath = await presentChromium().catch(() => null);
    if (executablePath === null) return null;
    const { chromium } = await import('playwright-core');
    browser = await chromium.launch({ executablePath, args: FLAGS });
  }
  const context = await browser.newContext({
    ...{ locale: job.lang === 'zh' ? 'zh-CN' : 'en-GB', timezoneId: job.time_zone, colorScheme: 'light' },
    ...{ deviceScaleFactor: DENSITY, reducedMotion: 'reduce', serviceWorkers: 'block', acceptDownloads: false },
    // A4 at 96 dots an inch, less its margins.
    viewport: { width: 680, height: 960 },
  });
  try {
    await context.addInitScript((lang) => localStorage.setItem('evergreen.lang', lang), job.lang);
    const page = await context.newPage();
    await context.route('**/*', (route) => answer(route, job));
    const opened = await page.goto(`${ORIGIN}${job.path}`);
    if (!opened?.ok()) throw new Error('The console is not built.');
    const state = await page.waitForSelector('html[data-paper]', { state: 'attached' });
    const said = await state.getAttribute('data-paper');
    if (said !== 'ready') throw new Error(`The page could not be laid out: ${said}`);
    await nameLinks(page, job.links);
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    return await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
  } finally {
    await context.close().catch(() => undefined);
  }
}

async function answer(route: Route, { answers }: PressJob): Promise<void> {
  const request = route.request();
  const url = new URL(request.url());
  if (url.origin !== ORIGIN || request.method() !== 'GET') return route.abort();
  if (url.pathname.startsWith('/api/')) {
    const json = answers[url.pathname];
    return json === undefined
      ? route.fulfill({ status: 404, json: { key: 'not_found', message: '' } })
      : route.fulfill({ status: 200, contentType: 'application/json', body: json });
  }
  const file = await files.request(url.pathname);
  return route.fulfill({
    status: file.status,
    headers: { 'content-type': file.headers.get('content-type') ?? '', 'content-security-policy': POLICY },
    body: Buffer.from(await file.arrayBuffer()),
  });
}

/** Links of the page are paths: on paper they lead to the console, or nowhere. Those within the document stay. */
async function nameLinks(page: Page, base: string | null): Promise<void> {
  await page.evaluate((address) => {
    for (const link of document.querySelectorAll('a[href]')) {
      const href = link.getAttribute('href') ?? '';
      if (href.startsWith('#')) continue;
      if (address !== null && href.startsWith('/')) link.setAttribute('href', address + href);
      else link.removeAttribute('href');
    }
  }, base);
}
