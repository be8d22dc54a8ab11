/**
 * What fifty fields that staff added cost, in processor time of a request before and after they are there and filled in;
 * and how long a form of a hundred fields takes from a key to the painted letter, beside one of ten.
 */
import { sql } from 'kysely';
import { chromium } from 'playwright-core';
import { buildAdmin } from '../../api/start/admin-build.ts';
import { findChromium } from '../../api/start/chromium.ts';
import type { HttpCase } from './http-cases.ts';
import { percentile } from './load.ts';
import { pinLoad, unpin } from './machine.ts';
import { type HttpFigure, measureHttp } from './measure-http.ts';
import type { Setting } from './setting.ts';

const FIELDS = 50;
const KINDS = ['text', 'integer', 'money', 'date', 'choice'] as const;
const AIM = 1.2;
const KEYS = 60;

export interface CustomFigures {
  /** Processor time with the fields / without, medians of the rounds. */
  costs: { name: string; ratio: number; aim: number | null; met: boolean | null }[];
  /** Milliseconds from a key to the painted letter, medians. */
  typing: { ten: number; hundred: number; ratio: number };
}

export async function measureCustom(
  setting: Setting,
  options: { seconds: number; rounds: number },
): Promise<CustomFigures> {
  await removeAll(setting);
  try {
    const plain = await measureHttp(setting, await casesOf(setting), options);
    await addFields(setting, 'customers', FIELDS);
    await fill(setting);
    const added = await measureHttp(setting, await casesOf(setting), options);
    const all = await measureHttp(setting, [everything(setting)], options);
    const costs = [...added, ...all].map((figure, at) => {
      const before = plain[at] ?? plain[0]!;
      const ratio = cost(figure) / cost(before);
      const aim = at < added.length ? AIM : null;
      return { name: figure.name, ratio, aim, met: aim === null ? null : ratio <= aim };
    });
    for (const { name, ratio, aim, met } of costs)
      console.log(
        `${name.padEnd(44)} ${ratio.toFixed(2)} x without fields ${aim === null ? '' : `(<= ${aim}) ${met ? 'met' : 'NOT MET'}`}`,
      );
    return { costs, typing: await measureTyping(setting) };
  } finally {
    await removeAll(setting);
  }
}

const cost = ({ server_us, postgres_us }: HttpFigure): number => server_us + postgres_us;

async function casesOf({ cookie, stored, owner }: Setting): Promise<HttpCase[]> {
  const headers = { cookie };
  const { rows } = await sql<{
    id: number;
  }>`select id from app.customers where id > 0 order by random() limit 50000`.execute(owner);
  const any = () => rows[Math.floor(Math.random() * rows.length)]!.id;
  let made = 0;
  return [
    {
      name: 'list of 25, the columns that show',
      aim: { why: '' },
      ours: () => ({
        method: 'GET',
        path: `/api/customers?channel=online&status=active&_sort=enrolled_on&_order=desc&_start=0&_end=25&_count=none&_fields=${stored.join(',')}`,
        headers,
      }),
    },
    {
      name: 'patch, with audit and version check',
      aim: { why: '' },
      ours: () => ({
        method: 'PATCH',
        path: `/api/customers/${any()}`,
        headers,
        body: JSON.stringify({ city: `城${made++}` }),
      }),
    },
  ];
}

function everything({ cookie, stored }: Setting): HttpCase {
  const keys = Array.from({ length: FIELDS }, (_, at) => `bench_${at}`);
  return {
    name: 'list of 25 with all fifty beside them',
    aim: { why: '' },
    ours: () => ({
      method: 'GET',
      path: `/api/customers?channel=online&status=active&_sort=enrolled_on&_order=desc&_start=0&_end=25&_count=none&_fields=${[...stored, ...keys].join(',')}`,
      headers: { cookie },
    }),
  };
}

async function ask(setting: Setting, method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${setting.port}/api${path}`, {
    method,
    headers: { cookie: setting.cookie, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function addFields(setting: Setting, resource: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const kind = resource === 'customers' ? KINDS[at % KINDS.length]! : 'text';
    await ask(setting, 'POST', '/custom_fields', {
      resource,
      key: `bench_${at}`,
      kind,
      label: `自定义字段 ${at}`,
      label_en: `Field ${at}`,
      ...(kind === 'choice'
        ? {
            choices: [
              { code: 'a', label: '甲' },
              { code: 'b', label: '乙' },
            ],
          }
        : {}),
    });
  }
}

/** Every customer has a value in every field. */
async function fill({ owner }: Setting): Promise<void> {
  const values = Array.from({ length: FIELDS }, (_, at) => {
    const kind = KINDS[at % KINDS.length]!;
    const value = {
      text: sql`md5(id::text)`,
      integer: sql`id % 1000`,
      money: sql`((id % 1000) / 10.0)::numeric(14, 2)::text`,
      date: sql`('2026-01-01'::date + (id % 300)::integer)::text`,
      choice: sql`case when id % 2 = 0 then 'a' else 'b' end`,
    }[kind];
    return sql`${sql.lit(`bench_${at}`)}, ${value}`;
  });
  await sql`update app.customers set extras = jsonb_build_object(${sql.join(values)}) where id > 0`.execute(owner);
  await sql`vacuum full analyze app.customers`.execute(owner);
}

async function removeAll(setting: Setting): Promise<void> {
  const fields = (await (await ask(setting, 'GET', '/custom_fields?key_sw=bench_&_start=0&_end=500')).json()) as {
    id: number;
  }[];
  for (const { id } of fields) await ask(setting, 'DELETE', `/custom_fields/${id}`);
  const { numAffectedRows } = await sql`update app.customers set extras = '{}' where extras <> '{}'`.execute(
    setting.owner,
  );
  if (numAffectedRows) await sql`vacuum full analyze app.customers`.execute(setting.owner);
}

async function measureTyping(setting: Setting): Promise<CustomFigures['typing']> {
  unpin();
  await buildAdmin(() => {});
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const [name = '', value = ''] = setting.cookie.split('=');
    await context.addCookies([{ name, value, domain: '127.0.0.1', path: '/' }]);
    const type = async (fields: number): Promise<number> => {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${setting.port}/products/new`);
      await page.locator(`[id$="-bench_${fields - 1}"]`).waitFor();
      const times = await page.evaluate(async (keys) => {
        const input = document.querySelector<HTMLInputElement>('[id$="-bench_5"]')!;
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
        return taken.slice(10);
      }, KEYS);
      await page.close();
      return percentile(times, 0.5);
    };
    await addFields(setting, 'products', 10);
    const ten = await type(10);
    const more = Array.from({ length: 90 }, (_, at) => at + 10);
    for (const at of more)
      await ask(setting, 'POST', '/custom_fields', {
        resource: 'products',
        key: `bench_${at}`,
        kind: 'text',
        label: `自定义字段 ${at}`,
        label_en: `Field ${at}`,
      });
    const hundred = await type(100);
    console.log(
      `typing: ${hundred.toFixed(1)} ms in a form of 100 fields, ${ten.toFixed(1)} ms in one of 10: ${(hundred / ten).toFixed(2)} x`,
    );
    return { ten, hundred, ratio: hundred / ten };
  } finally {
    await browser.close();
    pinLoad();
  }
}
