import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchWords } from '../../api/records/search.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await sql`
    insert into app.customers (external_id, name, enrolled_on)
    select 'C-' || n, '顾客' || chr(19968 + n % 5000), '2026-01-01' from generate_series(1, 20000) as n
  `.execute(t.owner);
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'X1', name: '欧阳娜', enrolled_on: '2026-01-01' },
      { external_id: 'X2', name: '阳欧 Müller', enrolled_on: '2026-01-01' },
      { external_id: 'X3', name: '𠮷野', enrolled_on: '2026-01-01' },
    ])
    .execute();
  await sql`analyze app.customers`.execute(t.owner);
});
afterAll(() => t?.close());

describe('words of a search', () => {
  test.each([
    ['a b', ['a', 'b']],
    ['  王　小明 ', ['王', '小明']],
    ['"a b" c', ['a b', 'c']],
    ['“a b”c', ['a b', 'c']],
    ['"open end', ['open end']],
    ['""', []],
    ['', []],
  ])('%j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });
});

describe('a search', () => {
  test.each([
    ['欧', ['X1', 'X2']],
    ['欧阳', ['X1']],
    ['阳欧', ['X2']],
    ['欧阳娜', ['X1']],
    ['欧 娜', ['X1']],
    ['娜欧', []],
    ['MÜLLER', ['X2']],
    ['mül 阳', ['X2']],
    ['𠮷', ['X3']],
    ['x3', ['X3']],
    ['野 X3', ['X3']],
  ])('for %s finds what contains it, by an index', async (q, expected) => {
    const answer = await a.as('viewer')(
      'GET',
      `/api/customers?q=${encodeURIComponent(q)}&_sort=external_id&_start=0&_end=5`,
    );
    const rows = (await answer.json()) as { external_id: string }[];
    expect(rows.map((row) => row.external_id)).toEqual(expected);
  });

  test.each([
    ['name_like=欧', ['X1', 'X2']],
    ['name_like=阳欧 mü', ['X2']],
    ['name_like=阳欧 MÜ', []],
    ['name_sw=欧阳', ['X1']],
    ['name_ew=Müller', ['X2']],
    ['name_like=ller', ['X2']],
    ['external_id_like=x3', ['X3']],
    ['name_nlike=顾', ['X1', 'X2', 'X3']],
  ])('in one column, ?%s, finds the same with and without the index', async (search, expected) => {
    const path = `/api/customers?${encodeURI(search)}&external_id_sw=X&_sort=external_id&_start=0&_end=5`;
    const answer = await a.as('viewer')('GET', path);
    const rows = (await answer.json()) as { external_id: string }[];
    expect(rows.map((row) => row.external_id)).toEqual(expected);
  });

  test('for a short Chinese word reads no more than the rows that may hold it', async () => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select from base.customers as t
      where app.wide_letters(lower(coalesce(t.name, '') || ' ' || t.external_id)) @> app.wide_letters('欧')
    `.execute(t.owner);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('customers_letters_idx');
  });
});

describe('orders', () => {
  test('are found by a part of their number, and by whose they are; words may be of both', async () => {
    const ids = new Map(
      (
        await t.db
          .selectFrom('app.customers')
          .select(['id', 'external_id'])
          .where('external_id', 'like', 'X%')
          .execute()
      ).map((row) => [row.external_id, row.id]),
    );
    const order = (external_id: string, customer: string) => ({
      ...{ external_id, customer_id: ids.get(customer)!, source: 'search', amount: '1.00' },
      ...{ placed_at: '2026-03-01T00:00:00Z', placed_on: '2026-03-01' },
    });
    await t.db
      .insertInto('app.orders')
      .values([order('SO-1001', 'X1'), order('SO-1002', 'X2'), order('SO-2001', 'X1')])
      .execute();
    const found = async (q: string, access = a) => {
      const answer = await access.as('viewer')('GET', `/api/orders?q=${encodeURIComponent(q)}&_sort=external_id`);
      return ((await answer.json()) as { external_id: string }[]).map((row) => row.external_id);
    };

    expect(await found('so-100')).toEqual(['SO-1001', 'SO-1002']);
    expect(await found('欧阳')).toEqual(['SO-1001', 'SO-2001']);
    expect(await found('x2')).toEqual(['SO-1002']);
    expect(await found('欧阳 2001')).toEqual(['SO-2001']);
    expect(await found('欧阳 1002')).toEqual([]);

    // What somebody may not see of customers does not find their orders.
    const resources = new Map(a.deps.resources);
    const customers = resources.get('customers')!;
    resources.set('customers', { ...customers, access: { ...customers.access, viewer: '' } });
    const without = await testApp(t, { resources, people: a });
    expect(await found('欧阳', without)).toEqual([]);
    expect(await found('1001', without)).toEqual(['SO-1001']);
    resources.set('customers', { ...customers, rows: { viewer: { external_id: { eq: 'X2' } } } });
    const some = await testApp(t, { resources, people: a });
    expect(await found('欧阳', some)).toEqual([]);
    expect(await found('müller', some)).toEqual(['SO-1002']);
  });
});
