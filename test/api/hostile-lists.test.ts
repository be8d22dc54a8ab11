/** Every list of every resource: SQL in each of its parameters, more than it can hold, deeper than it can follow. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ApiError, Resource } from '../../api/contract.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { oneOfEach } from '../one-of-each.ts';
import { isClear } from './clear-answers.ts';

let t: TestDatabase;
let a: TestApp;
let admin: Ask;
let resources: Resource[];
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  admin = a.as('administrator');
  await oneOfEach({ t, a });
  resources = [...a.deps.resources.values()];
});
afterAll(() => t?.close());

/** Run by whoever takes it for SQL, this lock stays with their connection, whatever became of the statement. */
const MARK = 471_147;
const SQL = [
  `'; drop table app.users; --`,
  `1) union select password_hash from app.users --`,
  `\\'; select pg_advisory_lock(${MARK}); --`,
];
const OPERATORS = ' _ne _gt _lte _like _nlike _sw _ew _in _nin _between _null _x'.split(' ');
const PARAMETERS =
  '_sort _order _fields _sums _scope _start _end _count _after _labels _tones q _where _header fields id record_id __proto__ constructor';

test('SQL in each parameter is text, or refused by name', { timeout: 120_000 }, async () => {
  const users = () => t.owner.selectFrom('app.users').select(['id', 'password_hash', 'roles']).orderBy('id').execute();
  const before = await users();
  for (const { name, fields } of resources) {
    const of_fields = Object.keys(fields).flatMap((field, at) => {
      const text = encodeURIComponent(SQL[at % SQL.length]!);
      const where = { [field]: at % 2 ? { eq: SQL[0] } : { in: [SQL[1]] } };
      const record = encodeURIComponent(JSON.stringify({ [field]: SQL[0] }));
      return [
        `?${field}${OPERATORS[at % OPERATORS.length]}=${text}&_end=2`,
        `?_where=${encodeURIComponent(JSON.stringify(where))}`,
        at % 2 ? `/_facets?fields=${field}&q=${text}` : `/_options/${field}?q=${text}&record=${record}`,
      ];
    });
    const of_list = [...PARAMETERS.split(' '), SQL[0]!].flatMap((param, at) => {
      const pair = `${encodeURIComponent(param)}=${encodeURIComponent(SQL[at % SQL.length]!)}`;
      return [`?${pair}`, at % 2 ? `/_export.csv?${pair}` : `/_facets?${pair}`];
    });
    const rest = [
      `/_trash?record_id=${encodeURIComponent(SQL[0]!)}`,
      `/_template.csv?x=${encodeURIComponent(SQL[0]!)}`,
    ];
    for (const path of [...of_fields, ...of_list, ...rest])
      await isClear(await admin('GET', `/api/${name}${path}`), `${name}${path}`);
  }
  expect(await users()).toEqual(before);
  const marks = sql<{
    n: number;
  }>`select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = ${MARK}`;
  expect((await marks.execute(t.owner)).rows).toEqual([{ n: 0 }]);
});

const HUGE: { [title: string]: string } = {
  'a condition ten thousand deep': `_where=${encodeURIComponent(`${'{"not":'.repeat(10_000)}{}${'}'.repeat(10_000)}`)}`,
  'lists ten thousand deep in a condition': `_where=${encodeURIComponent(`{"and":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)}`,
  'ten thousand conditions': `_where=${encodeURIComponent(JSON.stringify({ or: Array(10_000).fill({ id: { eq: 1 } }) }))}`,
  'a hundred thousand values': `_where=${encodeURIComponent(JSON.stringify({ id: { in: Array.from({ length: 100_000 }, (_, at) => at) } }))}`,
  'a hundred thousand ids': Array.from({ length: 100_000 }, (_, at) => `id=${at}`).join('&'),
  'a hundred thousand values after a comma': `id_in=${Array.from({ length: 100_000 }, (_, at) => at).join()}`,
  'a hundred thousand sorts': `_sort=${'id,'.repeat(100_000)}id`,
  'a hundred thousand columns': `_fields=${Array.from({ length: 100_000 }, (_, at) => `f${at}`).join()}`,
  'a page of a million': '_start=0&_end=1000000',
  'a page far beyond the end': '_start=9999999000&_end=9999999999',
  'a page that ends before it begins': '_start=10&_end=5',
  'a page below zero': '_start=-5&_end=5',
  'the same parameter twice': '_start=0&_start=1&_end=2',
  'a hundred thousand words': `q=${'a '.repeat(100_000)}`,
  'a word of a hundred thousand letters': `q=${'a'.repeat(100_000)}`,
  'an operator that is none': 'id_drop=1',
  'a field that is none': 'no_such_field=1',
  'an operator of another program': 'id%5B%24gt%5D=0',
};
/** What is long to read is asked of some; the code is the same for all. */
const SOME = ['customers', 'orders', 'tiers'];
/** How often a connection was taken. Who asks is looked up once a second; for this clock no second passes. */
let asked = 0;
const count = () => {
  asked++;
};
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  await admin('GET', '/api/tiers?no_such_field=1');
  t.pool.on('acquire', count);
});
afterEach(() => {
  t.pool.off('acquire', count);
  vi.useRealTimers();
});
test.each(Object.entries(HUGE))('refuses %s, without asking the database', async (title, search) => {
  for (const { name, fields } of resources.filter((each) => search.length < 200_000 || SOME.includes(each.name))) {
    const facet = Object.keys(fields).find((each) => /^(choice|boolean)$/.test(fields[each]!.kind));
    for (const path of ['', ...(facet ? ['/_facets'] : []), '/_export.csv']) {
      if (path && /page|same parameter|sorts|columns/.test(title)) continue;
      asked = 0;
      const counted = path === '/_facets' ? `&fields=${facet}` : '';
      const answer = await admin('GET', `/api/${name}${path}?${search}${counted}`);
      // No record is there, and that is no mistake.
      const far = title === 'a page far beyond the end';
      expect([name, path, answer.status]).toEqual([
        name,
        path,
        far ? 200 : expect.toSatisfy((status: number) => status >= 400 && status < 500),
      ]);
      if (!far) expect(((await answer.json()) as ApiError).message).toMatch(/\w/);
      if (!far) expect([name, path, asked]).toEqual([name, path, 0]);
    }
  }
});

test('takes no more of a filter for many records than of one in an address', async () => {
  for (const { name, offers = 'crudix' } of resources.filter((each) => (each.offers ?? 'crudix').includes('u'))) {
    for (const filter of [
      HUGE['a condition ten thousand deep']!,
      `_where=${'['.repeat(19_000)}`,
      `_where={"and":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
    ]) {
      const answer = await admin('POST', `/api/${name}/_bulk`, { filter, expected: 1, delete: offers.includes('d') });
      expect([name, answer.status]).toEqual([name, 400]);
    }
  }
});
