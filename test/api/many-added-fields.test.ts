/** Dozens of fields added on a screen: what they answer is what Postgres says of each, and a change of others leaves them alone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Caller } from '../../api/context.ts';
import type { Field, Json, Resource, Row } from '../../api/contract.ts';
import { accessOf } from '../../api/records/access.ts';
import { neededAdded } from '../../api/records/needed-fields.ts';
import { layOut, WHOLE, wholeNames } from '../../api/records/whole-extras.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

/** A value of each kind as it is kept. */
const KINDS: { [kind in Field['kind']]?: Json } = {
  text: '值 "quoted" \\',
  longtext: 'a\nb',
  integer: -7,
  decimal: '2.5000',
  money: '12.50',
  rate: '0.25',
  boolean: false,
  date: '2024-02-29',
  datetime: '2026-03-01T08:00:00.000Z',
  choice: 'a',
  choices: ['b', 'a'],
  tags: ['红', 'x,y'],
  email: 'a@b.cn',
  phone: '13812345678',
  color: '#ff0000',
  ref: 1,
};
/** Entries as they might stand there, letter by letter. */
const ODD = [
  ...['null', 'true', '{}', '{"a": 5.0}', '[]', '["x", null]', '["x", 1]', '[["x"]]', '7', '-0', '0.5', '5.0', '1e3'],
  ...['100000000000000000', '9007199254740993', '-99999999999999999999'],
  ...[
    ...['', ' ', 'true', '7', '5.', '.5', '+1.00', '-0', '-0.00', '-0.0000', '0.00', '00.10', '1.005', '1.0000', '1e3'],
    ...['12345678901234567890.00', '0.123456789012345678901', '": 5.0', '2023-02-29', '1900-02-29', '2000-02-29'],
    ...[
      '2026-04-31',
      '0000-01-01',
      '2026-1-01',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '12026-01-01',
      '2026-01-01 ',
    ],
    ...['2026-03-01T24:00:00.000Z', '2026-03-01T08:00:00Z', '2026-02-29T08:00:00.000Z', '2026-03-01T08:00:00.000Z'],
  ].map((text) => JSON.stringify(text)),
];
const NAMES = Object.keys(KINDS).map((kind) => `many_${kind}`);
const SPELLED = Object.fromEntries(
  Object.entries(KINDS).map(([kind, value]) => [`many_${kind}`, JSON.stringify(value)]),
);
const KEPT = Object.fromEntries(Object.entries(KINDS).map(([kind, value]) => [`many_${kind}`, value!]));

const CALLER: Caller = { id: 1, name: 'A', email: 'a@b.cn', roles: ['administrator'], pii: true, lang: 'en' };

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  for (const kind of Object.keys(KINDS)) {
    await ask('POST', '/api/custom_fields', {
      ...{ resource: 'customers', key: `many_${kind}`, kind, label: `字段 ${kind}`, label_en: kind },
      ...(kind.startsWith('choice') ? { choices: ['a', 'b'].map((code) => ({ code, label: code })) } : {}),
      ...(kind === 'ref' ? { to_resource: 'products' } : {}),
    });
  }
});
afterAll(() => t?.close());

async function ask<T = Row>(method: string, path: string, body?: Json): Promise<T> {
  const response = await a.as('pii')(method, path, body);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Customers whose extras say exactly this, letter by letter. */
async function stored(bags: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    insert into app.customers (external_id, enrolled_on, extras)
    select gen_random_uuid()::text, '2026-01-01', bags.bag::jsonb
    from unnest(${bags}::text[]) with ordinality as bags (bag, place)
    order by bags.place
    returning id
  `.execute(t.db);
  return rows.map((row) => row.id);
}

function bagOf(entries: { [name: string]: string }): string {
  return `{${Object.entries(entries).map(([name, entry]) => `"${name}": ${entry}`)}}`;
}

const customers = (): Resource => a.deps.resources.get('customers')!;

test('an answer with all of them is, for any entries, what Postgres says of each field by itself', async () => {
  const odd = NAMES.flatMap((name) => ODD.map((entry) => bagOf({ ...SPELLED, [name]: entry })));
  const said = fc.string().map((value) => JSON.stringify(value.replaceAll('\0', '')).replace(/\\ud[89a-f]../gi, ''));
  const entry = fc.oneof(said, fc.constantFrom(...ODD));
  const random = fc.dictionary(fc.constantFrom(...NAMES), entry, { maxKeys: 4 }).map(bagOf);
  const bags = [bagOf(SPELLED), '{}', ...odd, ...fc.sample(random, 60)];
  const ids = await stored(bags);

  const whole: Row[] = [];
  for (let at = 0; at < ids.length; at += 20)
    whole.push(...(await Promise.all(ids.slice(at, at + 20).map((id) => ask('GET', `/api/customers/${id}`)))));
  const each: Row[] = ids.map((id) => ({ id }));
  for (let at = 0; at < NAMES.length; at += 4) {
    const fields = NAMES.slice(at, at + 4).join();
    const rows = await ask<Row[]>(
      'GET',
      `/api/customers?_sort=id&id_gte=${ids[0]}&_fields=${fields}&_start=0&_end=1000`,
    );
    expect(rows).toHaveLength(ids.length);
    for (const [place, row] of rows.entries()) Object.assign(each[place]!, row);
  }
  const own = (row: Row) => Object.fromEntries(NAMES.map((name) => [name, row[name]]));
  expect(whole.map(own)).toEqual(each.map(own));
  expect(own(whole[0]!)).toEqual(KEPT);
});

test('values as they are kept are laid out by the server, in lists too', async () => {
  const ids = await stored(Array.from({ length: 3 }, () => JSON.stringify(KEPT)));
  const names = wholeNames(customers(), accessOf(CALLER, customers()), NAMES);
  expect(names).toEqual(NAMES);
  expect(JSON.parse(layOut(customers(), names, JSON.stringify([{ id: 1, [WHOLE]: KEPT }]))!)).toEqual([
    { id: 1, ...KEPT },
  ]);
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  const rows = await ask<Row[]>('GET', `/api/customers?id_in=${ids.join()}&_fields=name,${NAMES.join()}&_after=`);
  const statements = sent.mock.calls.map(textOf);
  sent.mockRestore();
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatchObject(KEPT);
  expect(rows[0]).not.toHaveProperty([WHOLE]);
  expect(statements.filter((text) => text.includes(' ->> '))).toEqual([]);
});

test('a change of another field opens the extras once, for the answer', async () => {
  const [id] = await stored([JSON.stringify(KEPT)]);
  await ask('PATCH', `/api/customers/${id}`, { city: '上海' });
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  const row = await ask('PATCH', `/api/customers/${id}`, { city: '北京' });
  const statements = sent.mock.calls.map(textOf);
  sent.mockRestore();
  expect(row).toMatchObject({ city: '北京', ...KEPT });
  expect(statements.filter((text) => text.includes('extras'))).toHaveLength(1);
  expect(statements.filter((text) => text.includes(' ->> '))).toEqual([]);
});

test('a change reads the added fields that it touches, and those that conditions ask about', async () => {
  const caller = CALLER;
  const access = accessOf(caller, customers());
  expect(neededAdded(customers(), access, { city: 'x', many_date: null })).toEqual(['many_date']);

  const rule = { name: 'r', when: { many_money: { gt: { $field: 'many_rate' } } }, field: 'city', message: ['', ''] };
  const strict = { ...customers(), rules: [rule] } as unknown as Resource;
  expect(neededAdded(strict, accessOf(caller, strict), { city: 'x' })).toEqual(['many_money', 'many_rate']);
  const seen = { ...access, rows: { many_choice: { eq: 'a' } } };
  expect(neededAdded(customers(), seen, {})).toEqual(['many_choice']);
  expect(neededAdded({ ...customers(), guard: 'guard_tiers' }, access, {})).toBeNull();
});

test('definitions that are out of date are forgotten, with all that was worked out from them', async () => {
  const [id] = await stored([JSON.stringify(KEPT)]);
  const past: WeakRef<Resource>[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const field = await ask('POST', '/api/custom_fields', {
      ...{ resource: 'customers', key: `passing_${turn}`, kind: 'text', label: '字段', label_en: 'Field' },
    });
    await ask('GET', '/api/_meta');
    await ask('GET', '/api/customers?_start=0&_end=5');
    await ask('PATCH', `/api/customers/${id}`, { [`passing_${turn}`]: 'x', city: `${turn}` });
    past.push(new WeakRef(customers()));
    await ask('DELETE', `/api/custom_fields/${field.id}`);
  }
  await ask('GET', '/api/customers?_start=0&_end=5');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await vi.waitFor(() => {
    collect();
    // A cache that is not asked any more holds those it was last asked about.
    expect(past.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(1);
  });
});

function textOf([query]: unknown[]): string {
  return typeof query === 'string' ? query : ((query as { text?: string } | undefined)?.text ?? '');
}
