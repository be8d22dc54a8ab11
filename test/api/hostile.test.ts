/** Whatever is put into a request: a right answer or a refusal in a sentence, never a fault of ours. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let victim: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const rows = await t.db
    .insertInto('app.customers')
    .values([
      { external_id: "o'hara; drop table", name: '%_\\', enrolled_on: '2026-01-01' },
      { external_id: 'written over', enrolled_on: '2026-01-01' },
    ])
    .returning('id')
    .execute();
  victim = rows[1]!.id;
});
afterAll(() => t?.close());

const FIELDS = [
  'id',
  'name',
  'external_id',
  'birth_on',
  'enrolled_at',
  'tags',
  'channel',
  'consent_sms',
  'net_amount',
  'order_count',
  'phone',
  'nothing',
];
const SUFFIXES = [
  '',
  '_ne',
  '_gt',
  '_gte',
  '_lt',
  '_lte',
  '_like',
  '_nlike',
  '_in',
  '_nin',
  '_sw',
  '_ew',
  '_between',
  '_null',
  '_x',
];
const NAMES = [
  ...FIELDS.flatMap((field) => SUFFIXES.map((suffix) => field + suffix)),
  '_sort',
  '_order',
  '_start',
  '_end',
  '_where',
  '_scope',
  '_fields',
  '_labels',
  '_count',
  '_after',
  'q',
  '__proto__',
  '',
];
const junk = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    "' or 1=1 --",
    '";',
    '\0',
    '\ud800',
    '$now',
    '$today-30d',
    '$me',
    '$today-99999w',
    '{"$field":"name"}',
    'null',
    '%',
    '\\',
    '1e999',
    '-0',
    'NaN',
    'Infinity',
    '9223372036854775808',
    '0001-01-01',
    '9999-12-31',
    '10000-01-01',
    '2026-02-30',
    'infinity',
    '2026-01-01T25:00:00Z',
    '[]',
    '{}',
    '{"and":[]}',
    '{"not":{}}',
    'true',
    'id',
    '-id',
    ',',
    'a,b',
    '（　）',
  ),
  fc.integer().map(String),
  fc.double().map(String),
  fc.json({ maxDepth: 3 }),
);

async function fine(answer: Response): Promise<void> {
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(500);
  const body: unknown = JSON.parse(text);
  if (answer.status >= 400) expect((body as { message: string }).message.length).toBeGreaterThan(3);
}

describe('hostile input', () => {
  test('in every parameter of a list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...NAMES), junk), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('operator', 'pii', 'viewer'),
        async (pairs, person) => {
          const search = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&');
          await fine(await a.as(person as 'operator')('GET', `/api/customers?${search}&_end=5`));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('in raw query strings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 40 }), async (raw) => {
        await fine(await a.as('pii')('GET', `/api/customers?_end=1&${raw.replace(/[#\s]/g, '')}`));
      }),
      { numRuns: 150 },
    );
  });

  test('in the values of a record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...FIELDS, 'province', 'version', 'extras'), fc.jsonValue({ maxDepth: 3 }), {
          maxKeys: 4,
        }),
        async (values) => {
          await fine(await a.as('pii')('POST', '/api/customers', JSON.stringify(values)));
          await fine(await a.as('pii')('PATCH', `/api/customers/${victim}`, JSON.stringify(values)));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('in paths', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { minLength: 1, maxLength: 4 }), async (parts) => {
        const path = parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
        await fine(await a.as('administrator')('GET', `/api/${path || 'x'}`));
        await fine(await a.as('administrator')('GET', `/api/customers/${path || 'x'}`));
      }),
      { numRuns: 150 },
    );
  });

  test('finds what looks like SQL as text', async () => {
    for (const search of ["external_id=o'hara; drop table", "q=o'hara", 'name=%_\\', 'name_like=%_', 'q=%_']) {
      const answer = await a.as('pii')('GET', `/api/customers?${encodeURI(search)}`);
      expect(answer.headers.get('x-total-count'), search).toBe('1');
    }
  });
});
