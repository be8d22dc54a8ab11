/** What stands beside a list: sums over all of it, its values with their counts, the tone of its rows. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Facets, Resource, Row } from '../../api/contract.ts';
import { f, resource } from '../../api/definition.ts';
import { loadResources } from '../../api/definitions.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;

/** Products, but the viewer sees no price, and analysts see only what costs less than 5. */
const shelf = resource('shelf', {
  label: ['货架', 'Shelf'],
  group: 'system',
  table: 'app.products',
  title: 'name',
  offers: 'r',
  fields: {
    external_id: f.text({ label: ['编号', 'Number'], unique: true, readonly: true }),
    name: f.text({ label: ['名称', 'Name'], readonly: true, search: true, pii: 'text' }),
    category: f.text({ label: ['类目', 'Category'], readonly: true }),
    price: f.money({ label: ['价格', 'Price'], readonly: true, sum: true, access: { read: ['analyst'] } }),
  },
  access: { viewer: 'r', analyst: 'r' },
  rows: { analyst: { price: { lt: 5 } } },
  list: {
    columns: ['name', 'category'],
    sort: 'id',
    tones: {
      dear: { label: ['贵', 'Dear'], tone: 'warning', where: { price: { gte: 3 } } },
      plain: { label: ['普通', 'Plain'], tone: 'quiet', where: { category: { eq: 'c1' } } },
    },
  },
}) as Resource;

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t, { resources: new Map([...(await loadResources()), ['shelf', shelf]]) });
  await t.db
    .insertInto('app.products')
    .values(
      Array.from({ length: 70 }, (_, at) => ({
        external_id: `p${at}`,
        name: `P ${at}`,
        category: at % 7 === 0 ? null : `c${at % 7}`,
        price: at % 10 === 9 ? null : `${at % 10}.10`,
      })),
    )
    .execute();
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'f1', name: '甲', tags: ['妈妈', '职场'], enrolled_on: '2026-01-01', status: 'blocked' },
      { external_id: 'f2', name: '乙', tags: ['妈妈'], enrolled_on: '2026-01-01', channel: 'store' },
      { external_id: 'f3', name: '丙', enrolled_on: '2026-01-01', consent_sms: true },
    ])
    .execute();
});
afterAll(() => t?.close());

async function ask<T>(person: Person, path: string): Promise<{ status: number; body: T; headers: Headers }> {
  const answer = await a.as(person)('GET', path);
  return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
}
async function facets(person: Person, path: string): Promise<Facets> {
  const { status, body } = await ask<Facets>(person, path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const where = (predicate: unknown) => encodeURIComponent(JSON.stringify(predicate));

describe('sums', () => {
  test.each([
    ['', '258.30'],
    ['category=c1', '36.90'],
    ['category=none', '0.00'],
    [`_where=${where({ price: { gte: '8' } })}`, '56.70'],
    ['q=P 1', '43.50'],
  ])('are over every row of the list, not of the page: ?%s', async (filters, expected) => {
    const rows = await t.db.selectFrom('app.products').select(['price', 'category', 'name']).execute();
    expect(rows).toHaveLength(70);
    const { headers, body } = await ask<Row[]>('administrator', `/api/shelf?_start=0&_end=2&_sums=price&${filters}`);
    expect(body.length).toBeLessThanOrEqual(2);
    expect(JSON.parse(headers.get('x-sums') ?? '')).toEqual({ price: expected });
  });

  test('are of the rows that the caller may see', async () => {
    const { headers } = await ask('analyst', '/api/shelf?_start=0&_end=0&_count=none&_sums=price');
    expect(JSON.parse(headers.get('x-sums') ?? '')).toEqual({ price: '73.50' });
  });

  test.each<[Person, string, number, string, string]>([
    ['viewer', '_sums=price', 403, 'field_hidden', 'price'],
    ['administrator', '_sums=category', 400, 'not_summable', 'category'],
    ['administrator', '_sums=prize', 400, 'unknown_column', 'price'],
    ['administrator', '_sums=constructor', 400, 'unknown_column', 'constructor'],
    ['administrator', '_sums=price&_sums=price', 400, 'repeated_parameter', '_sums'],
    ['administrator', "_sums=price');select 1--", 400, 'unknown_column', ''],
    ['administrator', '_sums=price%00', 400, 'unknown_column', ''],
    ['administrator', '_tones=perhaps', 400, 'bad_parameter', '_tones'],
  ])('%s: ?%s is refused by name', async (person, search, status, key, part) => {
    const answer = await ask<{ key: string; message: string }>(person, `/api/shelf?_start=0&_end=1&${search}`);
    expect(answer.status).toBe(status);
    expect(answer.body.key).toBe(key);
    expect(answer.body.message).toContain(part);
  });
});

describe('the tone of a row', () => {
  test('is the first that holds', async () => {
    const { body } = await ask<Row[]>('administrator', '/api/shelf?_start=0&_end=5&_tones=1&_fields=name');
    expect(body.map((row) => row.$tone)).toEqual([null, 'plain', null, 'dear', 'dear']);
    expect(Object.keys(body[0] as Row)).toEqual(['id', 'name', 'version', '$tone']);
  });

  test('tells nothing of a field that the caller may not see', async () => {
    const { body } = await ask<Row[]>('viewer', '/api/shelf?_start=0&_end=5&_tones=1');
    expect(body.map((row) => row.$tone)).toEqual([null, 'plain', null, null, null]);
    const { body: meta } = await ask<{ resources: { name: string; list: { tones: object } }[] }>(
      'viewer',
      '/api/_meta',
    );
    expect(Object.keys(meta.resources.find(({ name }) => name === 'shelf')?.list.tones ?? {})).toEqual(['plain']);
  });
});

describe('facets', () => {
  test('count the values of a field, the frequent first, rows without a value too', async () => {
    const { category } = await facets('viewer', '/api/shelf/_facets?fields=category');
    expect(category).toEqual({
      values: [...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'], null].map((value) => ({ value, count: 10 })),
      cut: false,
      relation: 'eq',
    });
  });

  test('follow the filters of the list, but not their own', async () => {
    const some = await facets('administrator', '/api/shelf/_facets?fields=category&category=c1&price_lt=1');
    expect(some.category?.values).toEqual([
      { value: 'c1', count: 1 },
      { value: 'c2', count: 1 },
      { value: 'c3', count: 1 },
      { value: 'c4', count: 1 },
      { value: 'c5', count: 1 },
      { value: 'c6', count: 1 },
      { value: null, count: 1 },
    ]);
    const own = [
      { category: { in: ['c1'] }, price: { lt: 1 } },
      { and: [{ category: { eq: 'c1' } }, { price: { lt: 1 } }] },
      { and: [{ or: [{ category: { eq: 'c1' } }, { category: { eq: 'c2' } }] }, { price: { lt: 1 } }] },
    ];
    for (const predicate of own) {
      expect(await facets('administrator', `/api/shelf/_facets?fields=category&_where=${where(predicate)}`)).toEqual(
        some,
      );
    }
    const both = { or: [{ category: { eq: 'c1' } }, { price: { lt: 1 } }] };
    const mixed = await facets('administrator', `/api/shelf/_facets?fields=category&_where=${where(both)}`);
    expect(mixed.category?.values[0]).toEqual({ value: 'c1', count: 10 });
  });

  test('see only the rows that the caller sees', async () => {
    const { category } = await facets('analyst', '/api/shelf/_facets?fields=category');
    expect(category?.values.reduce((sum, { count }) => sum + count, 0)).toBe(35);
  });

  test('take lists apart and name related records', async () => {
    const found = await facets(
      'viewer',
      '/api/customers/_facets?fields=tags,channel,consent_sms,rfm_group_id&external_id_sw=f',
    );
    expect(found.tags?.values).toEqual([
      { value: '妈妈', count: 2 },
      { value: '职场', count: 1 },
      { value: null, count: 1 },
    ]);
    expect(found.channel?.values).toEqual([
      { value: 'online', count: 2 },
      { value: 'store', count: 1 },
    ]);
    expect(found.consent_sms?.values).toEqual([
      { value: false, count: 2 },
      { value: true, count: 1 },
    ]);
    expect(found.rfm_group_id?.values).toMatchObject([{ value: null, count: 3 }]);
  });

  test('stop counting at their cap and say so', async () => {
    await sql`insert into app.products (external_id, name, category)
      select 'many' || n, 'many', 'm' || n from generate_series(1, 100050) as n`.execute(t.owner);
    const { category } = await facets('viewer', '/api/shelf/_facets?fields=category');
    expect(category?.relation).toBe('gte');
    expect(category?.cut).toBe(true);
    expect(category?.values).toHaveLength(50);
  });

  test.each<[Person, string, number, string, string]>([
    ['viewer', 'fields=price', 403, 'field_hidden', 'price'],
    ['viewer', 'fields=name', 403, 'field_masked', 'name'],
    ['viewer', 'fields=category&price=1', 403, 'field_hidden', 'price'],
    ['viewer', `fields=category&_where=${where({ name: { eq: 'x' } })}`, 403, 'field_masked', 'name'],
    ['viewer', 'fields=category&q=P', 400, 'no_search', ''],
    ['administrator', 'fields=external_id', 400, 'not_facetable', 'external_id'],
    ['administrator', 'fields=price', 400, 'not_facetable', 'price'],
    ['administrator', 'fields=categroy', 400, 'unknown_column', 'category'],
    ['administrator', 'fields=id', 400, 'unknown_column', 'id'],
    ['administrator', 'fields=__proto__', 400, 'unknown_column', ''],
    ['administrator', "fields=category' or 1=1", 400, 'unknown_column', ''],
    ['administrator', '', 400, 'bad_parameter', 'fields'],
    ['administrator', 'fields=category&_start=1', 400, 'unknown_parameter', '_start'],
    ['administrator', 'fields=category&_sums=price', 400, 'unknown_parameter', '_sums'],
    ['administrator', 'fields=category&category_like=a&nmae=x', 400, 'unknown_parameter', 'name'],
    ['administrator', 'fields=category&_where={', 400, 'bad_parameter', '_where'],
    ['administrator', 'fields=category&_where=[]', 400, 'predicate.not_object', ''],
    [
      'administrator',
      `fields=category&_where=${where({ category: { equals: 1 } })}`,
      400,
      'predicate.unknown_operator',
      'equals',
    ],
    ['administrator', 'fields=category&_scope=none', 400, 'unknown_scope', 'none'],
    ['administrator', `fields=${Array.from({ length: 13 }, (_, at) => `f${at}`)}`, 400, 'bad_parameter', 'fields'],
    ['operator', 'fields=category', 403, 'forbidden_list', 'Shelf'],
  ])('%s: ?%s is refused by name', async (person, search, status, key, part) => {
    const answer = await ask<{ key: string; message: string }>(person, `/api/shelf/_facets?${search}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body.key).toBe(key);
    expect(answer.body.message).toContain(part);
  });
});
