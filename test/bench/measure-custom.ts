/**
 * What fifty fields that staff added cost, in processor time of a request: with them, over customers that have values in
 * every one, and without them, over customers that have none. By turns, so that other people's load falls on both alike.
 */
import { sql } from 'kysely';
import type { HttpCase } from './http-cases.ts';
import { percentile } from './load.ts';
import { type HttpFigure, measureHttp } from './measure-http.ts';
import type { Setting } from './setting.ts';

const FIELDS = 50;
const KINDS = ['text', 'integer', 'money', 'date', 'choice'] as const;
const AIM = 1.2;
const KEYS = Array.from({ length: FIELDS }, (_, at) => `bench_${at}`);

export interface CustomFigures {
  /** Processor time with the fields / without, medians of the rounds. */
  costs: { name: string; ratio: number; aim: number | null; met: boolean | null }[];
}

export async function measureCustom(
  setting: Setting,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<CustomFigures> {
  await removeAll(setting);
  try {
    await addFields(setting);
    await fill(setting);
    const halves = await halvesOf(setting);
    const costs = [LIST, PATCH, LIST_ALL].map((name) => ({ name, ratios: [] as number[] }));
    for (let round = 0; round < rounds; round++) {
      const turn = async (active: boolean, cases: HttpCase[]) => {
        await switchFields(setting, active);
        return (await measureHttp(setting, cases, { seconds, rounds: 1 })).map(cost);
      };
      const [list, patch] = await turn(false, [listCase(setting, halves.bare), patchCase(setting, halves.bare)]);
      const all = listCase(setting, halves.filled, KEYS);
      const added = await turn(true, [listCase(setting, halves.filled), patchCase(setting, halves.filled), all]);
      for (const [at, before] of [list, patch, list].entries()) costs[at]!.ratios.push(added[at]! / before!);
    }
    return { costs: costs.map(({ name, ratios }) => said(name, percentile(ratios, 0.5))) };
  } finally {
    await removeAll(setting);
  }
}

function said(name: string, ratio: number): CustomFigures['costs'][number] {
  const aim = name === LIST_ALL ? null : AIM;
  const met = aim === null ? null : ratio <= aim;
  const text = aim === null ? '' : `(<= ${aim}) ${met ? 'met' : 'NOT MET'}`;
  console.log(`${name.padEnd(44)} ${ratio.toFixed(2)} x without fields ${text}`);
  return { name, ratio, aim, met };
}

const cost = ({ server_us, postgres_us }: HttpFigure): number => server_us + postgres_us;

const LIST = 'list of 25, the columns that show';
const PATCH = 'patch, with audit and version check';
const LIST_ALL = 'list of 25 with all fifty beside them';

/** Customers of one kind: enrolled before a day, and the ids of them. */
interface Half {
  before: string;
  ids: readonly number[];
}

/** Half of the customers, the later ones, are filled in. */
async function halvesOf({ owner }: Setting): Promise<{ bare: Half; filled: Half }> {
  const { rows } = await sql<{ id: number; enrolled_on: string; filled: boolean }>`
    select id, enrolled_on::text, extras <> '{}' as filled
    from app.customers
    where id > 0
    order by enrolled_on desc, id desc
  `.execute(owner);
  const half = (some: typeof rows, before: string): Half => ({ before, ids: some.map(({ id }) => id) });
  const bare = rows.filter(({ filled }) => !filled);
  return {
    bare: half(bare, bare[0]!.enrolled_on),
    filled: half(
      rows.filter(({ filled }) => filled),
      '9999-01-01',
    ),
  };
}

function listCase({ cookie, stored }: Setting, { before }: Half, more: readonly string[] = []): HttpCase {
  const asked = `channel=online&status=active&enrolled_on_lt=${before}&_sort=enrolled_on&_order=desc`;
  return {
    name: more.length > 0 ? LIST_ALL : LIST,
    aim: { why: '' },
    ours: () => ({
      method: 'GET',
      path: `/api/customers?${asked}&_start=0&_end=25&_count=none&_fields=${[...stored, ...more].join(',')}`,
      headers: { cookie },
    }),
  };
}

let made = 0;

function patchCase({ cookie }: Setting, { ids }: Half): HttpCase {
  const any = () => ids[Math.floor(Math.random() * ids.length)]!;
  return {
    name: PATCH,
    aim: { why: '' },
    ours: () => ({
      method: 'PATCH',
      path: `/api/customers/${any()}`,
      headers: { cookie },
      body: JSON.stringify({ city: `城${made++}` }),
    }),
  };
}

/** The server's answer to the administrator of the setting. @throws for any that is not 2xx */
export async function ask(
  setting: Setting,
  method: string,
  path: string,
  body?: unknown,
  more: { [header: string]: string } = {},
): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${setting.port}/api${path}`, {
    method,
    headers: { cookie: setting.cookie, 'content-type': 'application/json', ...more },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

async function addFields(setting: Setting): Promise<void> {
  for (let at = 0; at < FIELDS; at++) {
    const kind = KINDS[at % KINDS.length]!;
    const choices = ['a', 'b'].map((code) => ({ code, label: code }));
    const about = { key: KEYS[at]!, kind, label: `自定义字段 ${at}`, label_en: `Field ${at}` };
    await ask(setting, 'POST', '/custom_fields', {
      ...{ resource: 'customers', ...about },
      ...(kind === 'choice' ? { choices } : {}),
    });
  }
}

/** What is switched off is as if it were not there. */
async function switchFields(setting: Setting, active: boolean): Promise<void> {
  const fields = (await (await ask(setting, 'GET', LIST_FIELDS)).json()) as { id: number }[];
  await ask(setting, 'POST', '/custom_fields/_bulk', { ids: fields.map(({ id }) => id), set: { active } });
}

const LIST_FIELDS = '/custom_fields?key_sw=bench_&_start=0&_end=500';

/** The later half of the customers have a value in every field. */
async function fill({ owner }: Setting): Promise<void> {
  const values = KEYS.map((key, at) => {
    const kind = KINDS[at % KINDS.length]!;
    const value = {
      text: sql`md5(id::text)`,
      integer: sql`id % 1000`,
      money: sql`((id % 1000) / 10.0)::numeric(14, 2)::text`,
      date: sql`('2026-01-01'::date + (id % 300)::integer)::text`,
      choice: sql`case when id % 2 = 0 then 'a' else 'b' end`,
    }[kind];
    return sql`${sql.lit(key)}, ${value}`;
  });
  await sql`
    update app.customers set extras = jsonb_build_object(${sql.join(values)})
    where enrolled_on > (select percentile_disc(0.5) within group (order by enrolled_on) from app.customers where id > 0)
  `.execute(owner);
  await sql`vacuum analyze app.customers`.execute(owner);
}

async function removeAll(setting: Setting): Promise<void> {
  const fields = (await (await ask(setting, 'GET', LIST_FIELDS)).json()) as { id: number }[];
  for (const { id } of fields) await ask(setting, 'DELETE', `/custom_fields/${id}`);
  const { numAffectedRows } = await sql`update app.customers set extras = '{}' where extras <> '{}'`.execute(
    setting.owner,
  );
  if (numAffectedRows) await sql`vacuum analyze app.customers`.execute(setting.owner);
}
