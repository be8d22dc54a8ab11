/**
 * What a role may not read it cannot find out either. Everything that can be asked is asked twice, with other values in the
 * fields and rows that the role does not see: the answers must be the same to the letter.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Predicate, Row } from '../../api/contract.ts';
import { type Ask, type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const HIDDEN = ['external_id', 'city', 'occupation', 'gender', 'status', 'tags', 'birth_on'];
const HIDDEN_IN_ORDERS = ['amount', 'returned_amount', 'channel', 'external_id'];
const NORTH = { province: { eq: 'North' } };

let t: TestDatabase;
let a: TestApp;
let limited: Ask;
let ann: number;
let bo: number;
let orders: number[];

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  limited = a.as('customer_service');
  [ann, bo] = (
    await t.db
      .insertInto('app.customers')
      .values([
        { external_id: 'c1', name: 'Ann', province: 'North', enrolled_on: '2026-01-01' },
        { external_id: 'c2', name: 'Bo', province: 'South', enrolled_on: '2026-01-02' },
        { external_id: 'c3', name: 'Cy', province: 'North', enrolled_on: '2026-01-03' },
      ])
      .returning('id')
      .execute()
  ).map((row) => row.id) as [number, number];
  const order = (customer_id: number, external_id: string) => ({
    ...{ customer_id, external_id, source: 's', amount: '10' },
    placed_at: '2026-02-01T00:00:00Z',
    placed_on: '2026-02-01',
  });
  orders = (
    await t.db
      .insertInto('app.orders')
      .values([order(ann, 'o1'), order(bo, 'o2')])
      .returning('id')
      .execute()
  ).map((row) => row.id);
  const unread = (names: string[]) => Object.fromEntries(names.map((name) => [name, { read: false }]));
  await change('customer_service', 'customers', {
    letters: 'rux',
    rows: { mode: 'where', where: NORTH },
    fields: unread(HIDDEN),
  });
  await change('customer_service', 'orders', { letters: 'rx', fields: unread(HIDDEN_IN_ORDERS) });
  await secrets('alpha');
  // A history in which hidden fields and hidden rows changed, one seen field beside.
  for (const id of [ann, bo]) {
    await a.as('pii')('PATCH', `/api/customers/${id}`, { city: 'Before', occupation: 'Baker', education: 'master' });
  }
  await t.owner.updateTable('app.audit_entries').set({ before: null }).where('action', '=', 'create').execute();
});
afterAll(() => t?.close());

async function change(role: string, resource: string, input: Row, version = 0): Promise<void> {
  const headers = { 'if-match': `"${version}"` };
  const answer = await a.as('administrator')('PUT', `/api/_permissions/${role}/${resource}`, input, headers);
  expect(answer.status, await answer.clone().text()).toBe(200);
}

/** Puts values nobody of the role may see where they may not see them, behind the product's back. */
async function secrets(word: 'alpha' | 'omega'): Promise<void> {
  const alpha = word === 'alpha';
  const values = {
    city: `${word} city`,
    occupation: alpha ? 'Smith' : 'Zoologist',
    gender: alpha ? 'female' : 'male',
    status: alpha ? 'active' : 'blocked',
    tags: [word],
    birth_on: alpha ? '1980-01-01' : '1999-12-31',
  };
  await t.owner.updateTable('app.customers').set(values).execute();
  await t.owner
    .updateTable('app.customers')
    .set({ external_id: sql<string>`${alpha ? 'a' : 'z'} || id` })
    .execute();
  await t.owner
    .updateTable('app.customers')
    .set({ name: `${word} Bo`, education: alpha ? 'college' : 'doctor', channel: alpha ? 'store' : 'wecom' })
    .where('id', '=', bo)
    .execute();
  // Orders are seen, and which customer they belong to; not the amounts, nor the customer's name where the row is hidden.
  await t.owner
    .updateTable('app.orders')
    .set({ amount: alpha ? '10' : '999', channel: alpha ? 'online' : 'store', external_id: sql<string>`${word} || id` })
    .execute();
}

async function shown(answer: Response): Promise<string> {
  const headers = [...answer.headers].filter(([name]) => !/request|^date$|ratelimit/.test(name)).sort();
  const body = await answer.text();
  return JSON.stringify([answer.status, headers, body.replace(/"request_id":"[^"]*"/g, '')]);
}

const where = (predicate: Predicate) => `_where=${encodeURIComponent(JSON.stringify(predicate))}`;
const VALUES: { [field: string]: string } = {
  gender: 'male',
  status: 'blocked',
  tags: 'omega',
  birth_on: '1999-12-31',
};
const OPERATORS = ['', '_ne', '_gt', '_gte', '_lt', '_like', '_sw', '_ew', '_in', '_nin', '_null', '_between'];

/** Everything that can be asked about customers and orders, by path. */
function questions(): string[] {
  const asked = [
    ...['', '?q=omega', '?q=z', '?q=alpha', '?q=Bo', '?_count=exact', '?_labels=1', '?_tones=1', '?_start=0&_end=1'],
    ...['/_trash', '/_facets?fields=province,education,channel', '/_export.csv', '/_export.csv?_header=keys'],
    ...['?_sort=-name', '?_sums=order_count,net_amount', `?${where({ not: { name: { eq: 'x' } } })}`],
    ...[`/${ann}`, `/${ann}?_labels=1`, `/${bo}`, `/${ann}/_history`, `/${bo}/_history`],
    ...[`/${ann}/_delete_preview`, `/${bo}/_delete_preview`, `/${ann}/_diff`],
    `?${where({ or: [NORTH, { name: { like: 'omega' } }] })}`,
    `?id=${ann}&id=${bo}`,
    ...['/_options/rfm_group_id', '/_options/city', '/_options/external_id'],
  ].map((path) => `/api/customers${path}`);
  for (const name of HIDDEN) {
    const value = VALUES[name] ?? 'omega city';
    for (const operator of OPERATORS) {
      const given = operator === '_null' ? 'true' : operator === '_between' ? `${value},${value}` : value;
      asked.push(`/api/customers?${name}${operator}=${encodeURIComponent(given)}`);
    }
    asked.push(
      `/api/customers?_sort=${name}`,
      `/api/customers?_sort=name,-${name}`,
      `/api/customers?_fields=name,${name}`,
      `/api/customers?_sums=${name}`,
      `/api/customers/_facets?fields=${name}`,
      `/api/customers/_facets?fields=province&${name}=${encodeURIComponent(value)}`,
      `/api/customers/_export.csv?_fields=name,${name}`,
      `/api/customers/_export.csv?${name}=${encodeURIComponent(value)}`,
      `/api/customers?${where({ [name]: { notNull: true } })}`,
      `/api/customers?${where({ not: { [name]: { null: true } } })}`,
      `/api/customers?${where({ or: [{ name: { eq: 'x' } }, { [name]: { notNull: true } }] })}`,
      `/api/customers?${where({ name: { ne: { $field: name } } })}`,
      `/api/customers/_options/rfm_group_id?record=${encodeURIComponent(JSON.stringify({ [name]: value }))}`,
    );
  }
  asked.push(
    ...['', '?_labels=1', '?_tones=1', '?_sums=amount', '?_sums=discount_amount', '?q=omega', '?_sort=-id'].map(
      (path) => `/api/orders${path}`,
    ),
    ...HIDDEN_IN_ORDERS.flatMap((name) => [
      `/api/orders?${name}_gt=100`,
      `/api/orders?_sort=${name}`,
      `/api/orders/_facets?fields=${name}`,
      `/api/orders?_sums=${name}`,
    ]),
    ...['/_export.csv', '/_options/customer_id', `/_options/customer_id?id=${bo}`, '/_options/customer_id?q=omega'].map(
      (path) => `/api/orders${path}`,
    ),
    ...orders.flatMap((id) => [`/api/orders/${id}?_labels=1`, `/api/orders/${id}/_history`]),
    ...[
      '/api/_meta',
      '/api/_views',
      '/api/_reports',
      '/api/audit_entries',
      '/api/role_permissions',
      '/api/openapi.json',
    ],
  );
  return asked;
}

async function answers(ask: Ask): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of questions()) found.set(path, await shown(await ask('GET', path)));
  return found;
}

describe('what is hidden', () => {
  test('changes no answer, whatever it is', { timeout: 180_000 }, async () => {
    await secrets('alpha');
    const before = await answers(limited);
    const of_all = await answers(a.as('pii'));
    await secrets('omega');
    const after = await answers(limited);
    const all_after = await answers(a.as('pii'));

    expect([...before].filter(([path, answer]) => after.get(path) !== answer)).toEqual([]);
    for (const answer of before.values()) expect(answer).not.toMatch(/alpha|Smith|1980-01-01/);
    // The questions are good ones: somebody who sees everything is answered differently by most of them.
    const told = [...of_all].filter(([path, answer]) => all_after.get(path) !== answer);
    expect(told.length).toBeGreaterThan(120);
  });

  test('is refused by name rather than ignored', async () => {
    for (const name of HIDDEN) {
      for (const search of [
        `${name}_null=true`,
        `_sort=${name}`,
        `_fields=${name}`,
        where({ [name]: { null: true } }),
      ]) {
        if (search === '_sort=tags') continue; // Nobody can sort by a list.
        const answer = await limited('GET', `/api/customers?${search}`);
        expect([search, answer.status]).toEqual([search, 403]);
        expect(((await answer.json()) as ApiError).key).toBe('field_hidden');
      }
    }
  });

  test('is not written either, alone, in bulk, or by taking a change back', async () => {
    for (const name of HIDDEN) {
      const value = name === 'tags' ? ['x'] : (VALUES[name] ?? 'x');
      const answer = await limited('PATCH', `/api/customers/${ann}`, { [name]: value });
      expect([name, answer.status]).toEqual([name, 403]);
    }
    const bulk = (input: Row) => limited('POST', '/api/customers/_bulk', input);
    expect((await bulk({ ids: [ann], set: { city: 'x' } })).status).toBe(403);
    expect((await bulk({ ids: [bo], set: { education: 'master' } })).status).not.toBe(200);
    expect((await bulk({ filter: 'city_null=false', expected: 2, set: { education: 'master' } })).status).toBe(403);
    const preview = await bulk({ filter: '', expected: 3, set: { education: 'master' }, dry_run: true });
    expect(await preview.text()).not.toMatch(/omega|alpha/);
    const history = (await (await a.as('pii')('GET', `/api/customers/${ann}/_history`)).json()) as Row[];
    const entry = history.find((each) => each.action === 'update')!;
    const seen = (await (await limited('GET', `/api/customers/${ann}/_history`)).json()) as Row[];
    expect(seen.find((each) => each.id === entry.id)!.redacted).toEqual(expect.arrayContaining(['city', 'occupation']));
    const revert = await limited('POST', `/api/customers/${ann}/_revert`, { entry: entry.id, fields: ['city'] });
    expect(revert.status).toBe(403);
    expect((await limited('POST', `/api/customers/${bo}/_revert`, { entry: entry.id })).status).toBe(404);
    const { city } = await t.db
      .selectFrom('app.customers')
      .select('city')
      .where('id', '=', ann)
      .executeTakeFirstOrThrow();
    expect(city).toBe('omega city');
  });

  test('is not among the columns of a template or an import', async () => {
    await change(
      'customer_service',
      'customers',
      {
        letters: 'ruix',
        rows: { mode: 'where', where: NORTH },
        fields: Object.fromEntries(HIDDEN.map((name) => [name, { read: false }])),
      },
      1,
    );
    const file = `name,city,external_id\nEve,Rome,z${bo}\n`;
    const upload = await limited('POST', '/api/customers/_import?file_name=f.csv', file, {
      'content-type': 'application/octet-stream',
    });
    const body = await upload.text();
    if (upload.status === 201) {
      const { mapping } = JSON.parse(body) as { mapping: { columns: { [field: string]: string } } | null };
      for (const name of HIDDEN) expect(Object.keys(mapping?.columns ?? {})).not.toContain(name);
    } else expect(upload.status).toBe(403);
  });
});

describe('live events', () => {
  /** Collects what the stream says until nothing has come for a while. */
  async function listen(person: Person, work: () => Promise<unknown>): Promise<string> {
    const answer = await a.as(person)('GET', '/api/_events');
    const reader = answer.body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        text += decoder.decode(value);
      }
    })();
    await expect.poll(() => text).toContain('retry');
    await new Promise((done) => setTimeout(done, 500));
    await work();
    await new Promise((done) => setTimeout(done, 1500));
    await reader.cancel();
    await reading;
    return text;
  }
  const events = (text: string) =>
    [...text.matchAll(/^data: (.*)$/gm)]
      .map(([, line]) => JSON.parse(line!) as { type: string; name: string; ids: number[] })
      // That definitions changed is said to everybody.
      .filter((each) => each.type === 'resource');

  test('name no record that the listener may not see, nor resources they may not list', async () => {
    const [{ id: role }] = (await (await a.as('administrator')('GET', '/api/roles?code=viewer')).json()) as [Row];
    const work = async () => {
      await a.as('pii')('PATCH', `/api/customers/${ann}`, { education: 'bachelor' });
      await a.as('pii')('PATCH', `/api/customers/${bo}`, { education: 'bachelor' });
      await a.as('administrator')('PATCH', `/api/roles/${role}`, { description: 'Renamed' });
    };
    const [mine, all] = [
      await listen('customer_service', work),
      await listen('administrator', async () => {
        await a.as('pii')('PATCH', `/api/customers/${ann}`, { education: 'doctor' });
        await a.as('pii')('PATCH', `/api/customers/${bo}`, { education: 'doctor' });
        await a.as('administrator')('PATCH', `/api/roles/${role}`, { description: 'Renamed again' });
      }),
    ];
    expect(events(mine)).toEqual([{ type: 'resource', name: 'customers', ids: [ann] }]);
    // Two changes of one moment are told together, or one after the other; each once.
    expect(new Set(events(all).map(({ name }) => name))).toEqual(new Set(['customers', 'roles']));
    const idsOf = (resource: string) => events(all).flatMap(({ name, ids }) => (name === resource ? ids : []));
    expect(idsOf('customers').sort()).toEqual([ann, bo].sort());
    expect(idsOf('roles')).toEqual([role]);
  });

  test('end with the session', async () => {
    const text = await listen('reviewer', async () => {
      await a.as('administrator')('PATCH', `/api/users/${a.id('reviewer')}`, { status: 'disabled' });
      await a.as('pii')('PATCH', `/api/customers/${ann}`, { education: 'master' });
    });
    expect(events(text)).toEqual([]);
  });
});
