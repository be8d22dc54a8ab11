/** What fifty fields that staff added cost, in processor time of a request before and after they are there and filled in. */
import { sql } from 'kysely';
import type { HttpCase } from './http-cases.ts';
import { type HttpFigure, measureHttp } from './measure-http.ts';
import type { Setting } from './setting.ts';

const FIELDS = 50;
const KINDS = ['text', 'integer', 'money', 'date', 'choice'] as const;
const AIM = 1.2;
/** Customers that have values in them, the latest: those that the list shows first and that are changed. */
const FILLED = 50_000;

export interface CustomFigures {
  /** Processor time with the fields / without, medians of the rounds. */
  costs: { name: string; ratio: number; aim: number | null; met: boolean | null }[];
}

export async function measureCustom(
  setting: Setting,
  options: { seconds: number; rounds: number },
): Promise<CustomFigures> {
  await removeAll(setting);
  try {
    const plain = await measureHttp(setting, await casesOf(setting), options);
    await addFields(setting);
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
    return { costs };
  } finally {
    await removeAll(setting);
  }
}

const cost = ({ server_us, postgres_us }: HttpFigure): number => server_us + postgres_us;

async function casesOf({ cookie, stored, owner }: Setting): Promise<HttpCase[]> {
  const headers = { cookie };
  const { rows } = await latest.execute(owner);
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
    const about = { key: `bench_${at}`, kind, label: `自定义字段 ${at}`, label_en: `Field ${at}` };
    await ask(setting, 'POST', '/custom_fields', {
      ...{ resource: 'customers', ...about },
      ...(kind === 'choice' ? { choices } : {}),
    });
  }
}

const latest = sql<{
  id: number;
}>`select id from app.customers where id > 0 order by enrolled_on desc, id desc limit ${FILLED}`;

/** They have a value in every field. */
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
  await sql`update app.customers set extras = jsonb_build_object(${sql.join(values)}) where id in (${latest})`.execute(
    owner,
  );
  await sql`vacuum analyze app.customers`.execute(owner);
}

async function removeAll(setting: Setting): Promise<void> {
  const fields = (await (await ask(setting, 'GET', '/custom_fields?key_sw=bench_&_start=0&_end=500')).json()) as {
    id: number;
  }[];
  for (const { id } of fields) await ask(setting, 'DELETE', `/custom_fields/${id}`);
  const { numAffectedRows } = await sql`update app.customers set extras = '{}' where extras <> '{}'`.execute(
    setting.owner,
  );
  if (numAffectedRows) await sql`vacuum analyze app.customers`.execute(setting.owner);
}
