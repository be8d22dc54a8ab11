/**
 * Forms under the hand, in headless Chromium on all cores: from a key to the painted letter in a form of a hundred fields of
 * every kind beside one of ten; and a child table of a thousand rows opened, typed into, lengthened and saved, beside one of
 * ten.
 */
import { chromium, type Page } from 'playwright-core';
import { buildAdmin } from '../../api/start/admin-build.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { percentile } from './load.ts';
import { ROWS } from './long-rows.ts';
import { pinLoad, unpin } from './machine.ts';
import { ask } from './measure-custom.ts';
import type { Setting } from './setting.ts';

const KEYS = 60;
/** The first keys come while the page still settles. */
const SETTLING = 20;
/** Many are as quick as few: what else the machine does falls on both alike. */
const AIMS = { fields: 1.25, rows: 1.25 };
const KINDS = ['text', 'integer', 'money', 'date', 'choice', 'boolean', 'longtext', 'tags', 'rate', 'decimal'];
const FEW = 10;
const MANY = 100;

/** Milliseconds. */
export interface Typing {
  median: number;
  worst: number;
}
export interface Rows {
  open: number;
  typing: Typing;
  add: number;
  save: number;
}
export interface FormFigures {
  ten: Typing;
  hundred: Typing;
  few_rows: Rows;
  many_rows: Rows;
  aims: { fields: number; rows: number };
}

export async function measureForms(setting: Setting): Promise<FormFigures> {
  unpin();
  await buildAdmin(() => {});
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await removeAll(setting);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = '', value = ''] = setting.cookie.split('=');
    await context.addCookies([{ name, value, domain: '127.0.0.1', path: '/' }]);
    const address = `http://127.0.0.1:${setting.port}`;
    const inPage = async <T>(path: string, work: (page: Page) => Promise<T>): Promise<T> => {
      const page = await context.newPage();
      await page.goto(`${address}${path}`);
      try {
        return await work(page);
      } finally {
        await page.close();
      }
    };
    const typing = async (fields: number) => {
      await addFields(setting, fields);
      return inPage('/products/new', async (page) => {
        await page.locator(`[id$="-bench_${fields - 1}"]`).waitFor();
        return typeInto(page, '[id$="-bench_0"]');
      });
    };
    const ten = await typing(FEW);
    const hundred = await typing(MANY);
    const few_rows = await rowsOf(setting, FEW, inPage);
    const many_rows = await rowsOf(setting, ROWS, inPage);
    const figures = { ten, hundred, few_rows, many_rows, aims: AIMS };
    console.log('forms', JSON.stringify(figures));
    return figures;
  } finally {
    await browser.close();
    await removeAll(setting);
    pinLoad();
  }
}

async function addFields(setting: Setting, wanted: number): Promise<void> {
  const known = (await (
    await ask(setting, 'GET', '/custom_fields?key_sw=bench_&_start=0&_end=500')
  ).json()) as unknown[];
  for (let at = known.length; at < wanted; at++) {
    const kind = KINDS[at % KINDS.length]!;
    const choices = ['a', 'b', 'c'].map((code) => ({ code, label: code }));
    const about = { key: `bench_${at}`, kind, label: `自定义字段 ${at}`, label_en: `Field ${at}` };
    await ask(setting, 'POST', '/custom_fields', {
      ...{ resource: 'products', ...about },
      ...(kind === 'choice' ? { choices } : {}),
    });
  }
}

async function removeAll(setting: Setting): Promise<void> {
  const all = async (path: string) => (await (await ask(setting, 'GET', path)).json()) as { id: number }[];
  for (const { id } of await all('/custom_fields?key_sw=bench_&_start=0&_end=500'))
    await ask(setting, 'DELETE', `/custom_fields/${id}`);
  for (const { id } of await all('/risk_playbooks?code_sw=bench_&_start=0&_end=50&_fields=code'))
    await ask(setting, 'DELETE', `/risk_playbooks/${id}`);
}

/** The quieter of three times: other people's load only ever adds. */
async function typeInto(page: Page, selector: string): Promise<Typing> {
  const times: Typing[] = [];
  for (let time = 0; time < 3; time++) times.push(await typeOnce(page, selector));
  return times.toSorted((a, b) => a.median - b.median)[0]!;
}

/** Letter by letter, each once the one before is painted. */
async function typeOnce(page: Page, selector: string): Promise<Typing> {
  const times = await page.evaluate(
    async ([where, keys]) => {
      const input = document.querySelector<HTMLInputElement>(where)!;
      input.focus();
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
      const taken: number[] = [];
      for (let at = 0; at < keys; at++) {
        taken.push(
          await new Promise((done) =>
            requestAnimationFrame(() => {
              const started = performance.now();
              set.call(input, `${input.value}x`);
              input.dispatchEvent(new Event('input', { bubbles: true }));
              // Told once the frame that this is part of has been painted.
              const channel = new MessageChannel();
              channel.port1.onmessage = () => done(performance.now() - started);
              channel.port2.postMessage(null);
            }),
          ),
        );
      }
      return taken;
    },
    [selector, KEYS] as const,
  );
  const settled = times.slice(SETTLING);
  return { median: percentile(settled, 0.5), worst: Math.max(...settled) };
}

async function rowsOf(
  setting: Setting,
  count: number,
  inPage: <T>(path: string, work: (page: Page) => Promise<T>) => Promise<T>,
): Promise<Rows> {
  const steps = Array.from({ length: count }, (_, at) => ({
    ...{ action: `Step ${at}`, owner_role: 'operations', due_after: at, due_unit: 'hours', required: true },
  }));
  const about = { name: `长清单 ${count}`, name_en: `Long ${count}`, category: 'system', severity: 'low' };
  const response = { scenario: 'Bench', trigger_kind: 'manual', response_within: 1, owner_role: 'operations' };
  const made = await ask(setting, 'POST', '/risk_playbooks', { code: `bench_${count}`, ...about, ...response, steps });
  const { id } = (await made.json()) as { id: number };
  return inPage(`/risk_playbooks/${id}/edit`, async (page) => {
    const first = page.locator('.rows-input tbody tr[data-key]').first();
    await first.waitFor();
    const open = await page.evaluate(() => performance.now());
    await first.locator('td[data-name="action"]').click();
    await first.locator('td[data-name="action"] input').waitFor();
    const typing = await typeInto(page, '.rows-input tbody tr[data-key] td[data-name="action"] input');
    const before = Date.now();
    await page.locator('.rows-foot button').first().click();
    await page.locator('.rows-input tbody tr[data-key]').last().locator('td[data-name="action"] input').waitFor();
    const add = Date.now() - before;
    const last = page.locator('.rows-input tbody tr[data-key]').last();
    await last.locator('td[data-name="action"] input').fill('The last');
    await last.locator('td[data-name="due_after"] input').fill('9999');
    await last.locator('td[data-name="owner_role"] select').selectOption('operations');
    const saving = Date.now();
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await page.keyboard.press('Control+s');
    const answer = await saved;
    if (!answer.ok()) throw new Error(`saving ${count} rows: ${answer.status()} ${await answer.text()}`);
    return { open, typing, add, save: Date.now() - saving };
  });
}
