/**
 * The tracker in a real browser, on a page whose elements are where we know them: what is stored is where it was made, within two
 * pixels, at each class of width, and nothing else of the page is.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listen } from '../../api/server.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { BROWSER, measuredPage } from '../api/collecting.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let api: Server;
let shop: Server;
let browser: Browser;
let address: string;
let front: string;
/** What the shop's page has of the tracker's tag. */
let tag = '';
/** Answers instead of the collector. */
let refuse = 0;
/** Until then deliveries stay on their way. */
let held: Promise<void> | undefined;
const sent: string[] = [];

beforeAll(async () => {
  t = await testDatabase();
  await measuredPage(t, 'spring');
  a = await testApp({ ...t, config: { ...t.config, host: '127.0.0.1', port: 0 } });
  api = await listen(a.deps);
  address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  shop = createServer((request, response) => {
    if (request.url?.startsWith('/api/') || request.url === '/t.js') return pass(request.url, request, response);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(PAGE(tag));
  });
  await new Promise<void>((ready) => shop.listen(0, '127.0.0.1', ready));
  front = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-blink-features=AutomationControlled', `--user-agent=${BROWSER}`],
  });
});
afterAll(async () => {
  await browser?.close();
  for (const server of [api, shop]) {
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(null)));
  }
  await t?.close();
});
beforeEach(async () => {
  tag = 'data-page="spring"';
  refuse = 0;
  held = undefined;
  sent.length = 0;
  for (const table of ['page_view', 'page_event', 'click_batches'] as const)
    await t.owner.deleteFrom(`app.${table}`).execute();
});

/** As a proxy in front of both: the page and the collector are of one origin. */
function pass(
  url: string,
  request: import('node:http').IncomingMessage,
  response: import('node:http').ServerResponse,
): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.method === 'POST') {
      sent.push(body);
      if (refuse > 0) {
        refuse--;
        // It arrived, but its answer was lost.
        if (refuse % 2 === 0) await post(url, request, body);
        response.destroy();
        return;
      }
      await held;
    }
    const answer = await (request.method === 'POST' ? post(url, request, body) : fetch(address + url));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    const said = await answer.text();

    response.end(said);
  });
}

function post(url: string, { headers }: import('node:http').IncomingMessage, body: string): Promise<Response> {
  const type = headers['content-type'] ?? '';
  return fetch(address + url, {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'user-agent': headers['user-agent'] ?? '' },
  });
}

const PAGE = (attributes: string): string => `<!doctype html><meta charset="utf-8"><title>春日</title>
<style>
  body { margin: 0; height: 4000px; font: 16px sans-serif; }
  [data-hm], #plain { position: absolute; box-sizing: border-box; }
  #hero { left: 10%; top: 50px; width: 80%; height: 180px; background: #cfc; }
  #go { left: 20px; top: 260px; width: 120px; height: 40px; }
  #idle { left: 180px; top: 260px; width: 120px; height: 40px; }
  #plain { left: 20px; top: 330px; width: 300px; height: 40px; background: #ccf; }
  #name { left: 20px; top: 400px; }
  #private { left: 20px; top: 460px; width: 200px; height: 40px; }
  #later { position: absolute; left: 20px; top: 530px; }
</style>
<div id="hero" data-hm="hero">张三 13912345678</div>
<button id="go" data-hm="go">领取</button>
<button id="idle" data-hm="idle">没有反应</button>
<div id="plain">没有编号</div>
<label data-hm="name" id="name">姓名 <input value="李雷"></label>
<div id="private" data-hm-ignore><button>私密</button></div>
<p id="later"></p>
<script>document.getElementById('go').onclick = () => { document.getElementById('later').textContent += '好'; };</script>
<script async src="/t.js" ${attributes}></script>`;

async function visit({
  width = 1440,
  path = '/?token=geheim#teil',
  ...more
}: {
  width?: number;
  path?: string;
  javaScript?: string;
} = {}): Promise<Page> {
  const context = await browser.newContext({ userAgent: BROWSER, viewport: { width, height: 700 } });
  const page = await context.newPage();
  if (more.javaScript) await page.addInitScript(more.javaScript);
  await page.goto(front + path);
  await page.waitForFunction(() => 'evergreen' in window);
  return page;
}

const leave = async (page: Page): Promise<void> => {
  await page.goto('about:blank');
  await page.context().close();
};
interface Stored {
  element: string | null;
  kind: string;
  x: number | null;
  y: number | null;
  device_class: string;
}
async function stored(kind?: string): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select page_elements.element, page_event.kind, page_event.x, page_event.y, page_event.device_class
    from app.page_event left join app.page_elements on page_elements.id = page_event.element_id
    where not page_event.bot order by page_event.occurred_at, page_event.kind`.execute(t.owner);
  return kind ? rows.filter((row) => row.kind === kind) : rows;
}
const views = () => t.owner.selectFrom('app.page_view').selectAll().execute();

test.each([
  [390, 'phone'],
  [820, 'tablet'],
  [1440, 'desktop'],
])(
  'clicks %i wide are stored within two pixels of where they were made',
  async (width, device) => {
    const page = await visit({ width });
    const points: [string, string, number, number][] = [];
    for (const [selector, element, part_x, part_y] of [
      ['#hero', 'hero', 0.01, 0.02],
      ['#hero', 'hero', 0.5, 0.5],
      ['#hero', 'hero', 0.99, 0.97],
      ['#go', 'go', 0.3, 0.8],
      ['#plain', '#plain', 0.7, 0.2],
    ] as const) {
      const box = (await page.locator(selector).boundingBox())!;
      const [x, y] = [Math.round(box.x + box.width * part_x), Math.round(box.y + box.height * part_y)];
      await page.mouse.click(x, y);
      points.push([selector, element, x, y]);
    }
    const boxes = new Map<string, { x: number; y: number; width: number; height: number }>();
    for (const [selector] of points) boxes.set(selector, (await page.locator(selector).boundingBox())!);
    await leave(page);
    await expect.poll(() => stored('click')).toHaveLength(points.length);
    for (const [at, row] of (await stored('click')).entries()) {
      const [selector, element, x, y] = points[at]!;
      const box = boxes.get(selector)!;
      expect(row).toMatchObject({ element, device_class: device });
      expect(Math.abs(box.x + (row.x! / 10_000) * box.width - x)).toBeLessThanOrEqual(2);
      expect(Math.abs(box.y + (row.y! / 10_000) * box.height - y)).toBeLessThanOrEqual(2);
    }
    expect(await views()).toMatchObject([{ device_class: device, bot: false }]);
  },
  60_000,
);

test('a layout that changes and a window that is made narrower are followed', async () => {
  const page = await visit({ width: 1200 });
  await page.mouse.click(100, 280);
  await page.addStyleTag({ content: '#go { left: 400px; width: 200px; }' });
  await page.mouse.click(500, 280);
  await page.setViewportSize({ width: 500, height: 700 });
  await page.mouse.click(450, 280);
  await leave(page);
  await expect.poll(() => stored('click')).toHaveLength(3);
  expect((await stored('click')).map(({ element, x, device_class }) => [element, x, device_class])).toEqual([
    ['go', 6666, 'desktop'],
    ['go', 5000, 'desktop'],
    ['go', 2500, 'phone'],
  ]);
}, 60_000);

test('anger, no effect, keys and scrolling are told from clicks; what is to be ignored is', async () => {
  const page = await visit();
  for (let at = 0; at < 3; at++) await page.mouse.click(220 + at * 5, 280, { delay: 5 });
  // What is done meanwhile would be their effect.
  await expect.poll(async () => (await stored('dead')).length, { timeout: 30_000 }).toBe(3);
  await page.locator('#private button').click();
  await page.locator('#name').click({ position: { x: 5, y: 5 } });
  await page.locator('#go').focus();
  await page.keyboard.press('Enter');
  await page.mouse.wheel(0, 1300);
  await page.waitForFunction(() => scrollY >= 1300);
  await leave(page);
  await expect.poll(() => stored('scroll')).toHaveLength(1);
  const rows = await stored();
  const of = (kind: string) => rows.filter((row) => row.kind === kind);
  expect(of('click').map((row) => row.element)).toEqual(['idle', 'idle', 'idle', 'name', 'go']);
  expect(of('click').at(-1)).toMatchObject({ x: null, y: null });
  expect(of('rage').map((row) => row.element)).toEqual(['idle']);
  expect(of('dead').map((row) => row.element)).toEqual(['idle', 'idle', 'idle']);
  expect(of('scroll')[0]!.y).toBe(5000);
}, 90_000);

test('nothing of what the page says, of its address or of what is typed leaves it', async () => {
  const page = await visit();
  await page.locator('input').fill('李雷 13800001111');
  await page.mouse.click(300, 100);
  expect(await page.context().cookies()).toEqual([]);
  await leave(page);
  await expect.poll(() => stored('click')).not.toHaveLength(0);
  expect(sent.join('\n')).not.toMatch(/geheim|teil|1391234|1380000|张三|李雷|春日/);
}, 60_000);

test('deliveries that are lost or whose answers are come again and count once', async () => {
  refuse = 3;
  const page = await visit();
  await page.mouse.click(300, 100);
  await expect.poll(() => stored('click'), { timeout: 60_000 }).toHaveLength(1);
  await expect.poll(() => sent.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await leave(page);
  expect([(await stored('click')).length, (await views()).length]).toEqual([1, 1]);
}, 120_000);

test('without a network clicks wait, also when the page is left for a while, and come when it is back', async () => {
  const page = await visit();
  await page.context().setOffline(true);
  await page.mouse.click(300, 100);
  await page.waitForTimeout(6_000);
  await page.mouse.click(310, 110);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    Object.defineProperty(document, 'hidden', { get: () => false, configurable: true });
  });
  await page.mouse.click(320, 120);
  expect([sent.length, (await stored('click')).length]).toEqual([0, 0]);
  await page.context().setOffline(false);
  await expect.poll(() => stored('click'), { timeout: 30_000 }).toHaveLength(3);
  await leave(page);
  expect((await stored('click')).map(({ x }) => x)).toEqual([...new Set((await stored('click')).map(({ x }) => x))]);
  expect(await views()).toHaveLength(1);
}, 90_000);

test('a page closed while a delivery is on its way loses neither that nor what came after it', async () => {
  let release = () => {};
  held = new Promise((done) => {
    release = done;
  });
  const page = await visit();
  await page.mouse.click(300, 100);
  await expect.poll(() => sent.length, { timeout: 30_000 }).toBe(1);
  await page.mouse.click(400, 100);
  await page.mouse.click(500, 100);
  await leave(page);
  await expect.poll(() => sent.length).toBeGreaterThanOrEqual(2);
  release();
  await expect.poll(() => stored('click')).toHaveLength(3);
  // The first may come twice.
  await new Promise((done) => setTimeout(done, 500));
  expect([(await stored('click')).length, (await views()).length]).toEqual([3, 1]);
}, 60_000);

test('a page closed at once, or gone back to, is told of; a tab is one visit', async () => {
  const page = await visit();
  await page.mouse.click(300, 100);
  await page.goto(`${front}/other`);
  await page.waitForFunction(() => 'evergreen' in window);
  await page.mouse.click(300, 100);
  await leave(page);
  await expect.poll(() => stored('click')).toHaveLength(2);
  const seen = await views();
  expect([seen.length, new Set(seen.map(({ visit_id }) => visit_id)).size]).toEqual([2, 1]);
}, 60_000);

test('who wishes not to be followed, has not agreed or agrees no longer is not', async () => {
  const quiet = async (attributes: string, javaScript?: string) => {
    tag = `data-page="spring" ${attributes}`;
    const page = await visit({ javaScript });
    await page.mouse.click(300, 100);
    return page;
  };
  await leave(
    await quiet('', "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"),
  );
  await leave(await quiet('', "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })"));
  await leave(await quiet('data-consent="mayMeasure"', 'window.mayMeasure = () => false'));
  await leave(await quiet('data-sample="0"'));
  const page = await quiet('data-consent="asked"');
  expect([sent, await page.evaluate(() => sessionStorage.length)]).toEqual([[], 0]);
  await page.evaluate('evergreen.consent(true)');
  await page.mouse.click(300, 100);
  await expect.poll(() => stored('click'), { timeout: 30_000 }).toHaveLength(1);
  await page.evaluate('evergreen.consent(false)');
  await page.mouse.click(300, 100);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await leave(page);
  await leave(await quiet('data-consent="mayMeasure"', 'window.mayMeasure = () => true'));
  await expect.poll(() => stored('click')).toHaveLength(2);
}, 90_000);

test('the script is small, kept by browsers and asked for again by its mark', async () => {
  const answer = await fetch(`${address}/t.js`, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
  const etag = answer.headers.get('etag')!;
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=3600']);
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/);
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(Number(answer.headers.get('content-length'))).toBeLessThan(1600);
  expect(await answer.text()).toContain('/api/collect');
  expect((await fetch(`${address}/t.js`, { headers: { 'if-none-match': etag } })).status).toBe(304);
});
