/** The retrospective as PDF: by its button, and as what it says. Pages and text are read from the file itself. */
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RetrospectiveRead } from '../../api/contract-written.ts';
import { closePress } from '../../api/paper/print.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';
import { pagesOf } from './pdf-text.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, channel, true, 10, case when day >= '2026-01-01' then 1500 else 1000 + extract(month from day)::integer % 2 end, 0
    from generate_series('2025-01-01'::date, '2026-02-10', interval '1 day') as day
    cross join (values ('online'), ('store')) as channels (channel)
  `.execute(t.owner);
  await browser.app.as('analyst')('POST', '/api/_retrospectives/2026-01', {});
}, 240_000);
afterAll(async () => {
  await closePress();
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

const MONTH = '/api/_retrospectives/2026-01';

async function pdf(number: number, lang: string): Promise<Buffer> {
  const answer = await browser.app.as('viewer')('GET', `${MONTH}/${number}/pdf`, undefined, {
    'accept-language': lang,
  });
  expect(answer.status, answer.status === 200 ? '' : await answer.clone().text()).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}
const textOf = (file: Buffer) => pagesOf(file).join('\n').replace(/\s+/g, '');
const read = async () => (await (await browser.app.as('analyst')('GET', MONTH)).json()) as RetrospectiveRead;

test('is had by its button, named after the month, and holds every chapter on numbered A4 pages', {
  timeout: 8 * PATIENCE_MS,
}, async () => {
  const { version } = await read();
  const text = '<script>document.body.remove()</script> 一月客单价提高 <img src=https://evil.example/x>';
  await browser.app.as('analyst')('PUT', `${MONTH}/1/text`, { text, version });
  const page = await browser.open('viewer', '/reports/retrospectives/2026-01');
  const [file] = await Promise.all([
    page.waitForEvent('download', { timeout: 3 * PATIENCE_MS }),
    page.getByRole('button', { name: '导出 PDF' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('Evergreen-月度复盘-2026-01.pdf');
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = pagesOf(bytes);
  expect(pages.length).toBeGreaterThan(1);
  for (const [at, said] of pages.entries())
    expect(said.replace(/\s+/g, '')).toContain(`第${at + 1}页，共${pages.length}页`);
  // A4, in points.
  expect(bytes.toString('latin1')).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  const said = textOf(bytes);
  const { head } = await read();
  for (const part of ['2026-01月度复盘', '草稿', '¥93,000.00', '记分卡', '指标口径', '一月客单价提高', head.sha256])
    expect(said).toContain(part);
  expect(said).toContain('<script>document.body.remove()</script>');

  const book = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 Excel' }).click();
  expect((await book).suggestedFilename()).toBe('Evergreen-月度复盘-2026-01.xlsx');
  expect(faults.get(page)).toEqual([]);
});

test('of a signed number says who signed, and stays what it was when figures move and another is signed', {
  timeout: 8 * PATIENCE_MS,
}, async () => {
  const step = async (name: string, person: 'analyst' | 'manager', number: number) => {
    const { version } = await read();
    const answer = await browser.app.as(person)('POST', `${MONTH}/${number}/${name}`, { version });
    expect(answer.status).toBe(204);
  };
  await step('submit', 'analyst', 1);
  await step('sign', 'manager', 1);
  const signed = textOf(await pdf(1, 'en'));
  expect(signed).toContain('SignedbyTestmanager');
  expect(signed).toContain((await read()).head.signed_sha256);

  await sql`update app.order_day set returned_amount = 60 where day = '2026-01-31' and channel = 'online'`.execute(
    t.owner,
  );
  await browser.app.as('analyst')('POST', MONTH, {});
  await step('submit', 'analyst', 2);
  await step('sign', 'manager', 2);
  // Two at once: one after the other.
  const [first, second] = (await Promise.all([pdf(1, 'en'), pdf(2, 'en')])).map(textOf) as [string, string];
  expect(first).toContain('¥93,000.00');
  expect(first).not.toContain('¥92,940.00');
  expect(first).toContain('Superseded');
  expect(second).toContain('¥92,940.00');
  expect(textOf(await pdf(1, 'en'))).toBe(first);
});

test('as a page is clean for readers of all kinds, and asks nobody who is not signed in', {
  timeout: 4 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('viewer', '/paper/retrospectives/2026-01?number=1');
  await page.locator('html[data-paper=ready]').waitFor({ state: 'attached' });
  expect(await axe(page)).toEqual([]);
  await picture(page, 'retrospective-paper');
  const stranger = await browser.open(null, '/paper/retrospectives/2026-01');
  await stranger.locator('html[data-paper]').waitFor({ state: 'attached' });
  expect(await stranger.content()).not.toContain('93,000');
});
