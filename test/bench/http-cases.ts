/** What is asked of the two servers, the same of both; and what it has to reach. */
import { type Kysely, sql } from 'kysely';
import type { DB } from '../../api/schema.ts';
import type { Request } from './load.ts';
import type { Setting } from './setting.ts';

export interface Aim {
  /** At least this many times the requests per second of thin. */
  times_thin?: number;
  /** At least this many requests per second. */
  per_second?: number;
  why: string;
}
export interface HttpCase {
  name: string;
  aim: Aim;
  ours: () => Request;
  /** Absent: thin has nothing like it. */
  thin?: () => Request;
}

const RIVAL_DEEP = 6;
const RIVAL_SEARCH = 10;
const DEEP = 200_000;

export async function httpCases({ owner, cookie, port, stored }: Setting, customers: number): Promise<HttpCase[]> {
  const headers = { cookie };
  const ours = (path: string): Request => ({ method: 'GET', path: `/api${path}`, headers });
  const thin = (path: string): Request => ({ method: 'GET', path });
  const channels = ['online', 'store', 'wecom', 'referral'];
  const list = (count: string, start = 0) =>
    `/customers?channel=${pick(channels)}&status=active&_sort=enrolled_on&_order=desc&_start=${start}&_end=${start + 25}&_count=${count}&_fields=${stored.join(',')}`;
  const ids = await untouched(owner);
  const words = await commonWords(owner);
  const deep = Math.min(DEEP, Math.floor(customers / 2));
  const cursor = await cursorAt(port, cookie, deep);
  const anyId = () => ids[Math.floor(Math.random() * ids.length)] as number;
  let made = 0;
  const run = Date.now().toString(36);
  const created = () =>
    JSON.stringify({ external_id: `bench-${run}-${++made}`, name: `新会员${made}`, channel: 'online' });
  const city = () => JSON.stringify({ city: `城${made++}` });

  return [
    {
      name: 'list of 25, filter and sort, no count',
      aim: { times_thin: 1.3, why: '' },
      ours: () => ours(list('none')),
      thin: () => thin(list('none')),
    },
    {
      name: 'list, capped count',
      aim: { per_second: 300, why: 'an exact count gives about 26' },
      ours: () => ours(list('capped')),
      thin: () => thin(list('capped')),
    },
    {
      name: 'list, exact count',
      aim: { why: 'everybody is flat here' },
      ours: () => ours(list('exact')),
      thin: () => thin(list('exact')),
    },
    {
      name: 'get',
      aim: { times_thin: 1.2, why: '' },
      ours: () => ours(`/customers/${anyId()}`),
      thin: () => thin(`/customers/${anyId()}`),
    },
    {
      name: 'create, with audit',
      aim: { times_thin: 0.4, why: '' },
      ours: () => ({ method: 'POST', path: '/api/customers', headers, body: created() }),
      thin: () => ({ method: 'POST', path: '/customers', body: created() }),
    },
    {
      name: 'patch, with audit and version check',
      aim: { times_thin: 0.4, why: '' },
      // Version 1 each time: no record is taken twice.
      ours: () => ({
        method: 'PATCH',
        path: `/api/customers/${ids.pop()}`,
        headers: { ...headers, 'if-match': '"1"' },
        body: city(),
      }),
      thin: () => ({ method: 'PATCH', path: `/customers/${ids.pop()}`, body: city() }),
    },
    {
      name: `page at ${deep} by cursor`,
      aim: { per_second: 20 * RIVAL_DEEP, why: `20 x ${RIVAL_DEEP}` },
      ours: () => ours(`/customers?_sort=enrolled_on&_order=desc&_end=25&_count=none&_after=${cursor}`),
    },
    {
      name: `page at ${deep} by offset`,
      aim: { why: 'what a cursor saves' },
      ours: () => ours(`/customers?_sort=enrolled_on&_order=desc&_start=${deep}&_end=${deep + 25}&_count=none`),
    },
    {
      name: 'search inside names',
      aim: { per_second: 20 * RIVAL_SEARCH, why: `20 x ${RIVAL_SEARCH}` },
      ours: () => ours(`/customers?q=${encodeURIComponent(pick(words))}&_start=0&_end=25&_count=capped`),
    },
  ];
}

function pick<T>(all: readonly T[]): T {
  return all[Math.floor(Math.random() * all.length)] as T;
}

/** Ids of records nobody changed yet, in random order. */
async function untouched(owner: Kysely<DB>): Promise<number[]> {
  const rows = await owner
    .selectFrom('app.customers')
    .select('id')
    .where('version', '=', 1)
    .where('status', '=', 'active')
    .orderBy(sql`hashint8(id)`)
    .limit(100_000)
    .execute();
  return rows.map(({ id }) => id);
}

/** Pieces of names and numbers as people type them: some match thousands, some one. */
async function commonWords(owner: Kysely<DB>): Promise<string[]> {
  const rows = await owner
    .selectFrom('app.customers')
    .select(['name', 'external_id'])
    .where('name', 'is not', null)
    .orderBy(sql`hashint8(id + 7)`)
    .limit(50)
    .execute();
  return rows
    .flatMap(({ name, external_id }) => [name?.slice(0, 3) ?? '', external_id.slice(-5)])
    .filter((word) => word.length > 1);
}

/** The cursor behind the row at an offset, found in pages of a thousand. */
async function cursorAt(port: number, cookie: string, offset: number): Promise<string> {
  let cursor = '';
  for (let at = 0; at < offset; at += 1000) {
    const answer = await fetch(
      `http://127.0.0.1:${port}/api/customers?_sort=enrolled_on&_order=desc&_end=1000&_count=none&_after=${cursor}&_fields=name`,
      { headers: { cookie } },
    );
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
    cursor = answer.headers.get('x-next-cursor') ?? '';
  }
  return encodeURIComponent(cursor);
}
