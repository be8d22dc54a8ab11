/** Whatever conditions a list is asked with, it answers with exactly the rows that the evaluator finds, or says what is wrong. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json, Operand, Predicate, Row, ValueType } from '../../api/contract.ts';
import { evaluatePredicate, type Moment, operatorsOf } from '../../api/predicate.ts';
import tiers from '../../api/resources/tiers.ts';
import { contextOf } from '../../api/validate.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const CONTEXT = contextOf(tiers);
const TIERS = [
  {
    code: 'gold',
    name: '金卡',
    name_en: 'Gold',
    rank: 102,
    enter_at: '1000',
    retain_at: '500',
    window_days: 30,
    description: '50% _off',
  },
  { code: 'guest', name: '访客', name_en: 'g', rank: 101, basis: 'invitation', window_kind: 'lifetime' },
  { code: 'a_1', name: '\u{1f600}', name_en: 'GOLD', rank: 103, enter_at: '1000.5', window_days: 365, grace_days: 10 },
];

let t: TestDatabase;
let app: TestApp;
let rows: Row[];

beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  for (const tier of TIERS) {
    const { status } = await app.as('operator')('POST', '/api/tiers', tier);
    expect(status).toBe(201);
  }
  rows = (await (await app.as('administrator')('GET', '/api/tiers')).json()) as Row[];
});
afterAll(() => t.close());

const SAMPLES: { [type in ValueType]: fc.Arbitrary<Operand> } = {
  text: fc.constantFrom('gold', '金', 'growth', 'a', '%', '_', '', '#', { $text: '$now' }),
  integer: fc.constantFrom(0, 1, 2, 3, 10, 365, '$me'),
  decimal: fc.constantFrom('0', '1.00', '1.5', '1000', 2, '99999.99'),
  boolean: fc.boolean(),
  date: fc.constantFrom('2026-01-01', '$today'),
  time: fc.constantFrom('2026-01-01T00:00:00Z', '$now'),
  list: fc.constantFrom('a'),
  ids: fc.constantFrom(1, 2, '$me'),
};
const leaf = fc.constantFrom(...Object.keys(CONTEXT.fields)).chain((field) => {
  const { type, choices } = CONTEXT.fields[field]!;
  const value: fc.Arbitrary<Operand> = choices ? fc.constantFrom(...Object.keys(choices)) : SAMPLES[type];
  return fc.constantFrom(...operatorsOf(type)).chain((operator) => {
    const operand: fc.Arbitrary<unknown> =
      operator === 'in' || operator === 'nin' || operator === 'overlaps'
        ? fc.array(value, { maxLength: 3 })
        : operator === 'between'
          ? fc.tuple(value, value)
          : operator === 'null' || operator === 'notNull'
            ? fc.constant(true)
            : /like|sw|ew/.test(operator)
              ? fc.constantFrom('g', 'G', '金', '%', '')
              : value;
    return operand.map((each) => ({ [field]: { [operator]: each } }) as Predicate);
  });
});
const predicate = fc.letrec<{ node: Predicate }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('node'), { maxLength: 3 }).map((or) => ({ or })),
    tie('node').map((not) => ({ not })),
  ),
})).node;

test('a list under a condition has the rows for which the condition holds', async () => {
  expect(rows.length).toBeGreaterThan(2);
  const me = ((await (await app.as('administrator')('GET', '/api/_meta')).json()) as { user: { id: number } }).user.id;
  const moment: Moment = { now: new Date().toISOString(), today: '2026-01-01', me, time_zone: 'Asia/Shanghai' };
  await fc.assert(
    fc.asyncProperty(predicate, async (where) => {
      const answer = await app.as('administrator')(
        'GET',
        `/api/tiers?_where=${encodeURIComponent(JSON.stringify(where))}`,
      );
      const found = ((await answer.json()) as Row[]).map(({ id }) => id);
      const expected = rows.filter((row) => evaluatePredicate(where, CONTEXT, row, moment)).map(({ id }) => id);
      expect({ status: answer.status, found }).toEqual({ status: 200, found: expected });
    }),
    { numRuns: 150 },
  );
});

test('nothing that stands in a query string breaks a list', async () => {
  const name = fc.oneof(
    fc.constantFrom(
      '_where',
      '_sort',
      '_order',
      '_start',
      '_end',
      '_scope',
      '_fields',
      '_count',
      '_after',
      '_labels',
      'q',
      'id',
      '__proto__',
      'constructor',
    ),
    fc
      .tuple(
        fc.constantFrom(...Object.keys(CONTEXT.fields)),
        fc.constantFrom('', '_ne', '_gte', '_in', '_between', '_null', '_like', '_sw', '_nope'),
      )
      .map((parts) => parts.join('')),
  );
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.jsonValue().map((json: unknown) => JSON.stringify(json as Json)),
    fc.constantFrom(
      '1',
      '-1',
      '99999999999999999999',
      'true',
      'null',
      '\0',
      "'; select 1 --",
      '{"$field":"name"}',
      '1,2',
      '$now',
      'rank',
      '-rank',
      'NaN',
      '1e999',
      '2026-02-30',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 }), async (params) => {
      const search = params
        .map((param) => param.map((part) => encodeURIComponent(part.toWellFormed())).join('='))
        .join('&');
      const answer = await app.as('operator')('GET', `/api/tiers?${search}`);
      const body = (await answer.json()) as { message?: string };
      expect([200, 400, 403], `${search} ${JSON.stringify(body)}`).toContain(answer.status);
      if (answer.status !== 200) expect(body.message).toMatch(/^\p{P}?\p{L}/u);
    }),
    { numRuns: 200 },
  );
});

test('nothing that stands in a body breaks a record', async () => {
  const field = fc.oneof(
    fc.constantFrom(...Object.keys(tiers.fields)),
    fc.constantFrom('id', 'version', 'constructor', 'x'),
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>('1', '99999999999999999999', -1, 1e300, 'a\0', '\ud800', ' ', [], {}),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(field, value, { maxKeys: 4 }), async (body) => {
      const answer = await app.as('operator')('PATCH', `/api/tiers/${rows[0]!.id}`, body);
      expect([200, 400, 422], JSON.stringify(await answer.json())).toContain(answer.status);
    }),
    { numRuns: 150 },
  );
});
