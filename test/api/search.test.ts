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
