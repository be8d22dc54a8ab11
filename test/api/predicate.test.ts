/** What predicates mean, example by example; each is asked of the evaluator and of Postgres. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Predicate, Row } from '../../api/contract.ts';
import {
  checkPredicate,
  evaluatePredicate,
  LIMITS,
  type Moment,
  PredicateError,
  printPredicate,
} from '../../api/predicate.ts';
import { predicateToSql } from '../../api/predicate-sql.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { COLUMNS, CONTEXT, nested } from './predicate-samples.ts';

const MOMENT: Moment = { now: '2026-03-10T08:00:00Z', today: '2026-03-10', me: 7, time_zone: 'Asia/Shanghai' };

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

async function inPostgres(predicate: Predicate, row: Row): Promise<boolean> {
  const columns = Object.entries(COLUMNS).map(([name, { column }]) => sql`${sql.ref(name)} ${sql.raw(column)}`);
  const value = predicateToSql(predicate, CONTEXT, { column: (field) => sql.ref(field), moment: MOMENT, as: 'value' });
  const { rows } = await sql<{ holds: boolean }>`
    select ${value} as holds from jsonb_to_record(${JSON.stringify(row)}::jsonb) as sample(${sql.join(columns)})
  `.execute(t.db);
  return rows[0]!.holds;
}

/** [predicate, row, whether it holds] */
const EXAMPLES: { [behaviour: string]: [unknown, Row, boolean][] } = {
  'a comparison with null is false, whichever side is null': [
    [{ order_count: { eq: 1 } }, {}, false],
    [{ order_count: { ne: 1 } }, {}, false],
    [{ order_count: { nin: [1] } }, {}, false],
    [{ order_count: { nin: [] } }, {}, false],
    [{ name: { nlike: 'a' } }, {}, false],
    [{ order_count: { eq: null } }, {}, false],
    [{ order_count: { ne: null } }, { order_count: 1 }, false],
    [{ order_count: { nin: [2, null] } }, { order_count: 1 }, false],
    [{ order_count: { in: [1, null] } }, { order_count: 1 }, true],
    [{ order_count: { lt: { $field: 'user_id' } } }, { order_count: 1 }, false],
    [{ user_id: { eq: '$me' } }, { user_id: 7 }, true],
  ],
  'only null and notNull see nulls': [
    [{ name: { null: true } }, {}, true],
    [{ name: { null: true } }, { name: '' }, false],
    [{ tags: { notNull: true } }, { tags: [] }, false],
    [{ tags: { null: true } }, { tags: [] }, true],
  ],
  'not x means that x is not true': [
    [{ not: { order_count: { eq: 1 } } }, {}, true],
    [{ not: { not: { order_count: { eq: 1 } } } }, {}, false],
    [{ not: { or: [{ order_count: { eq: 1 } }, { vip: { eq: true } }] } }, { vip: false }, true],
  ],
  'nothing joined by and is true, by or is false': [
    [{}, {}, true],
    [{ and: [] }, {}, true],
    [{ or: [] }, {}, false],
    [{ name: {} }, {}, true],
    [{ not: {} }, {}, false],
    [{ name: { in: [] } }, { name: 'a' }, false],
    [{ name: { nin: [] } }, { name: 'a' }, true],
    [{ tags: { overlaps: [] } }, { tags: ['a'] }, false],
  ],
  'fields beside and, or, not are joined by and': [
    [{ name: { eq: 'a' }, or: [{ vip: { eq: true } }] }, { name: 'a', vip: true }, true],
    [{ name: { eq: 'a' }, or: [{ vip: { eq: true } }] }, { name: 'b', vip: true }, false],
    [{ order_count: { gte: 1, lt: 3 } }, { order_count: 3 }, false],
  ],
  'text goes by code point, exactly': [
    [{ name: { gt: '\uffff' } }, { name: '\u{1f600}' }, true],
    [{ name: { lt: 'a' } }, { name: 'B' }, true],
    [{ name: { eq: 'é' } }, { name: 'e\u0301' }, false],
    [{ name: { eq: 'a' } }, { name: 'a ' }, false],
  ],
  'the like family is literal and ignores the case of A to Z only': [
    [{ name: { like: '50%' } }, { name: 'at 50% off' }, true],
    [{ name: { like: '5%' } }, { name: '50' }, false],
    [{ name: { like: '_' } }, { name: 'ab' }, false],
    [{ name: { ew: '\\' } }, { name: 'a\\' }, true],
    [{ name: { sw: 'AB' } }, { name: 'abc' }, true],
    [{ name: { like: 'É' } }, { name: 'é' }, false],
    [{ name: { like: 'k' } }, { name: '\u212a' }, false],
    [{ name: { like: '$now' } }, { name: 'costs $NOW' }, true],
    [{ name: { like: '' } }, { name: 'a' }, true],
    [{ name: { nlike: 'b' } }, { name: 'a' }, true],
  ],
  'decimals are exact': [
    [{ amount: { eq: 0.1 } }, { amount: '0.10' }, true],
    [{ amount: { gt: '99999999999999.99' } }, { amount: '99999999999999.991' }, true],
    [{ amount: { eq: '0.3' } }, { amount: '0.30000000000000000001' }, false],
    [{ amount: { lt: '-1' } }, { amount: '-1.5' }, true],
    [{ amount: { lt: '10' } }, { amount: '9' }, true],
    [{ amount: { eq: '-0' } }, { amount: '0.00' }, true],
    [{ order_count: { lt: { $field: 'amount' } } }, { order_count: 2, amount: '2.01' }, true],
  ],
  'times are instants, whatever their offset': [
    [{ placed_at: { eq: '2026-03-10T08:00:00+08:00' } }, { placed_at: '2026-03-10T00:00:00.000Z' }, true],
    [{ placed_at: { lt: '2026-03-10T00:00:00.0001Z' } }, { placed_at: '2026-03-09T20:30:00-03:30' }, true],
    [{ placed_at: { gte: '$now-90m' } }, { placed_at: '2026-03-10T06:30:00Z' }, true],
    [{ placed_at: { gt: '$now-90m' } }, { placed_at: '2026-03-10T06:30:00Z' }, false],
    [{ placed_at: { lt: '$now+1w' } }, { placed_at: '2026-03-17T07:59:59Z' }, true],
  ],
  'a day beside a time is the whole day of the zone': [
    [{ placed_at: { eq: '2026-03-10' } }, { placed_at: '2026-03-09T16:00:00Z' }, true],
    [{ placed_at: { eq: '2026-03-10' } }, { placed_at: '2026-03-10T16:00:00Z' }, false],
    [{ placed_at: { lte: '$today' } }, { placed_at: '2026-03-10T15:59:59.999999Z' }, true],
    [{ placed_at: { gt: '$today' } }, { placed_at: '2026-03-10T16:00:00Z' }, true],
    [{ placed_at: { between: ['$today-1d', '$today'] } }, { placed_at: '2026-03-08T16:00:00Z' }, true],
    [{ placed_at: { in: ['2026-03-09', '2026-03-11'] } }, { placed_at: '2026-03-10T15:00:00Z' }, false],
    [{ placed_at: { nin: ['2026-03-09', '2026-03-11'] } }, { placed_at: '2026-03-10T15:00:00Z' }, true],
  ],
  'dates count in days': [
    [{ born_on: { eq: '$today-10d' } }, { born_on: '2026-02-28' }, true],
    [{ born_on: { eq: '$today+52w' } }, { born_on: '2027-03-09' }, true],
    [
      { born_on: { between: ['2026-01-01', { $field: 'joined_on' }] } },
      { born_on: '2026-01-01', joined_on: '2026-01-01' },
      true,
    ],
  ],
  'lists have an element, or share one': [
    [{ tags: { has: 'a' } }, { tags: ['b', 'a'] }, true],
    [{ tags: { has: 'A' } }, { tags: ['a'] }, false],
    [{ tags: { has: { $field: 'name' } } }, { tags: ['x'], name: 'x' }, true],
    [{ tags: { has: null } }, { tags: ['x', null] as never }, false],
    [{ tags: { overlaps: ['x', 'a,b', '{"}'] } }, { tags: ['{"}'] }, true],
    [{ tags: { overlaps: ['a'] } }, {}, false],
  ],
  'a text that starts with a dollar sign is said with $text': [
    [{ name: { eq: { $text: '$now' } } }, { name: '$now' }, true],
    [{ tags: { has: { $text: '$x' } } }, { tags: ['$x'] }, true],
  ],
};

describe.each(Object.entries(EXAMPLES))('%s', (_, examples) => {
  test.each(examples)('%j of %j is %s', async (input, row, expected) => {
    const predicate = checkPredicate(input, CONTEXT);
    expect({
      evaluator: evaluatePredicate(predicate, CONTEXT, row, MOMENT),
      postgres: await inPostgres(predicate, row),
    }).toEqual({ evaluator: expected, postgres: expected });
  });
});

function fault(input: unknown): PredicateError {
  try {
    checkPredicate(input, CONTEXT);
  } catch (error) {
    if (error instanceof PredicateError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(input)} passed`);
}

test.each<[unknown, key: string, path: string, en: RegExp]>([
  [{ nme: { eq: 'a' } }, 'unknown_field', 'nme', /no field "nme"; did you mean "name"\?/],
  [{ or: [{}, { name: { eqq: 'a' } }] }, 'unknown_operator', 'or.1.name.eqq', /did you mean "eq"/],
  [
    { tier: { in: ['gold', 'slver'] } },
    'unknown_choice',
    'tier.in.1',
    /"tier" has no choice "slver"; did you mean "silver"/,
  ],
  [{ tier: { eq: 'constructor' } }, 'unknown_choice', 'tier.eq', /has no choice "constructor"/],
  [{ name: { eq: 1 } }, 'type', 'name.eq', /"name" needs a text/],
  [{ order_count: { eq: '1' } }, 'type', 'order_count.eq', /"order_count" needs a whole number/],
  [{ order_count: { eq: 1.5 } }, 'type', 'order_count.eq', /whole number/],
  [{ order_count: { eq: 2 ** 53 } }, 'type', 'order_count.eq', /whole number/],
  [{ amount: { eq: 2 ** 53 } }, 'type', 'amount.eq', /a number/],
  [{ amount: { eq: 'NaN' } }, 'type', 'amount.eq', /a number/],
  [{ amount: { eq: Number.NaN } }, 'type', 'amount.eq', /a number/],
  [{ amount: { eq: Number.POSITIVE_INFINITY } }, 'type', 'amount.eq', /a number/],
  [{ consent: { eq: 'true' } }, 'type', 'consent.eq', /true or false/],
  [{ consent: { gt: false } }, 'wrong_operator', 'consent.gt', /"consent" cannot be compared with gt/],
  [{ tags: { eq: 'a' } }, 'wrong_operator', 'tags.eq', /cannot be compared/],
  [{ born_on: { eq: '2026-02-29' } }, 'type', 'born_on.eq', /a date/],
  [{ born_on: { eq: '0000-01-01' } }, 'type', 'born_on.eq', /a date/],
  [{ born_on: { eq: '$today-1h' } }, 'type', 'born_on.eq', /a date/],
  [{ born_on: { eq: '$now' } }, 'type', 'born_on.eq', /a date/],
  [{ placed_at: { eq: '2026-03-10T08:00:00' } }, 'type', 'placed_at.eq', /a time/],
  [{ placed_at: { eq: '2026-04-31T08:00:00Z' } }, 'type', 'placed_at.eq', /a time/],
  [{ placed_at: { eq: '2026-03-10T24:00:00Z' } }, 'type', 'placed_at.eq', /a time/],
  [{ placed_at: { eq: '$now-999999d' } }, 'type', 'placed_at.eq', /a time/],
  [{ name: { eq: '$now' } }, 'token', 'name.eq', /\$text/],
  [{ name: { eq: '$me' } }, 'token', 'name.eq', /\$text/],
  [{ name: { eq: { $field: 'order_count' } } }, 'field_mismatch', 'name.eq', /cannot be compared/],
  [{ name: { eq: { $field: 'citi' } } }, 'unknown_field', 'name.eq', /did you mean "city"/],
  [{ name: { eq: { $field: 'city', more: 1 } } }, 'type', 'name.eq', /a text/],
  [{ name: { eq: ['a'] } }, 'type', 'name.eq', /a text/],
  [{ name: { in: 'a' } }, 'not_list', 'name.in', /needs a list/],
  [{ order_count: { between: [1] } }, 'not_two', 'order_count.between', /two values/],
  [{ name: { null: false } }, 'only_true', 'name.null', /only true/],
  [{ name: 'a' }, 'not_comparison', 'name', /\{"eq": value\}/],
  [{ and: {} }, 'not_conditions', 'and', /list of conditions/],
  [{ or: [null] }, 'not_object', 'or.0', /must be an object/],
  [[], 'not_object', '', /must be an object/],
  [null, 'not_object', '', /must be an object/],
  [{ name: { like: 'a\0' } }, 'bad_text', 'name.like', /cannot be stored/],
  [{ tags: { has: '\ud800' } }, 'bad_text', 'tags.has', /cannot be stored/],
  [JSON.parse('{"__proto__":{"eq":1}}'), 'unknown_field', '__proto__', /no field "__proto__"/],
  [{ constructor: { eq: 1 } }, 'unknown_field', 'constructor', /no field/],
  [{ name: { eq: { $field: 'toString' } } }, 'unknown_field', 'name.eq', /no field/],
  [{ name: JSON.parse('{"__proto__":1}') }, 'unknown_operator', 'name.__proto__', /no operator/],
  [{ name: { hasOwnProperty: 1 } }, 'unknown_operator', 'name.hasOwnProperty', /no operator/],
])('%j is refused', (input, key, path, en) => {
  const error = fault(input);
  expect({ key: error.key, path: error.path }).toEqual({ key: `predicate.${key}`, path });
  expect(error.pair[1]).toMatch(en);
  expect(error.pair[0]).toMatch(/\p{Script=Han}/u);
});

test('what is too deep, too long or has too many parts is refused without running out of stack', () => {
  expect(fault(nested(LIMITS.depth + 1)).key).toBe('predicate.too_deep');
  expect(fault(nested(10_000)).key).toBe('predicate.too_deep');
  expect(fault({ name: { in: Array(LIMITS.list + 1).fill('a') } }).key).toBe('predicate.list_too_long');
  expect(fault({ or: Array(LIMITS.nodes + 1).fill({}) }).key).toBe('predicate.too_big');
  let operand: unknown = 1;
  for (let level = 0; level < 10_000; level++) operand = [operand];
  expect(fault({ name: { eq: operand } }).key).toBe('predicate.type');
});

test('a predicate at every limit passes', () => {
  expect(() => checkPredicate(nested(LIMITS.depth), CONTEXT)).not.toThrow();
  expect(() => checkPredicate({ name: { in: Array(LIMITS.list).fill('a') } }, CONTEXT)).not.toThrow();
  expect(() => checkPredicate({ or: Array(LIMITS.nodes - 1).fill({}) }, CONTEXT)).not.toThrow();
});

test('a predicate that was never checked is not compiled', () => {
  const column = () => sql.ref('x');
  expect(() => predicateToSql({ secret: { eq: 1 } }, CONTEXT, { column, moment: MOMENT })).toThrow(PredicateError);
  expect(() => predicateToSql(nested(10_000), CONTEXT, { column, moment: MOMENT })).toThrow(PredicateError);
});

test('a field whose own name is __proto__ is a field like any other', () => {
  const context = {
    name: 'odd',
    fields: JSON.parse('{"__proto__":{"type":"integer","label":["怪","Odd"]}}'),
  };
  const predicate = checkPredicate(JSON.parse('{"__proto__":{"eq":1}}'), context);
  expect(JSON.stringify(predicate)).toBe('{"__proto__":{"eq":1}}');
  expect(evaluatePredicate(predicate, context, JSON.parse('{"__proto__":1}'), MOMENT)).toBe(true);
  expect(evaluatePredicate(predicate, context, {}, MOMENT)).toBe(false);
});

const SHOP = {
  name: 'shop',
  fields: {
    recency_days: { type: 'integer', label: ['最近一次消费距今', 'Last purchase'], unit: ['天', 'days'] },
    order_count: { type: 'integer', label: ['订单数', 'Orders'] },
    tier: { type: 'text', label: ['等级', 'Tier'], choices: { gold: ['金卡', 'Gold'], silver: ['银卡', 'Silver'] } },
    name: { type: 'text', label: ['姓名', 'Name'] },
    placed_at: { type: 'time', label: ['下单时间', 'Placed'] },
    born_on: { type: 'date', label: ['生日', 'Birthday'] },
    vip: { type: 'boolean', label: ['贵宾', 'VIP'] },
    tags: { type: 'list', label: ['标签', 'Tags'] },
    user_id: { type: 'integer', label: ['负责人', 'Owner'] },
    amount: { type: 'decimal', label: ['金额', 'Amount'] },
    refund: { type: 'decimal', label: ['退款', 'Refund'] },
  },
} as const;

test.each<[Predicate, zh: string, en: string]>([
  [
    { recency_days: { lte: 30 }, order_count: { gte: 2 } },
    '最近一次消费距今 ≤ 30 天 且 订单数 ≥ 2',
    'Last purchase ≤ 30 days and Orders ≥ 2',
  ],
  [
    {
      or: [{ tier: { in: ['gold', 'silver'] } }, { vip: { eq: true }, tags: { has: 'x' } }],
      order_count: { gt: 1 },
    } as never,
    '（等级 属于（金卡、银卡） 或 （贵宾 为 是 且 标签 含有 “x”）） 且 订单数 > 1',
    '(Tier is one of (Gold, Silver) or (VIP is yes and Tags includes "x")) and Orders > 1',
  ],
  [{ not: { name: { like: '王' } } }, '不满足（姓名 包含 “王”）', 'not (Name contains "王")'],
  [{ order_count: { gte: 1, lte: 9 } }, '订单数 介于 1 与 9 之间', 'Orders is between 1 and 9'],
  [{ placed_at: { gte: '$now-7d' } }, '下单时间 不早于 7 天前', 'Placed is on or after 7 days ago'],
  [{ placed_at: { lt: '$now+2h' } }, '下单时间 早于 2 小时后', 'Placed is before 2 hours from now'],
  [
    { placed_at: { gt: '2026-03-01T08:00:00.000Z' } },
    '下单时间 晚于 2026-03-01 08:00 UTC',
    'Placed is after 2026-03-01 08:00 UTC',
  ],
  [{ born_on: { eq: '$today-1d' } }, '生日 为 昨天', 'Birthday is yesterday'],
  [
    { born_on: { between: ['$today', '$today+1w'] } },
    '生日 介于 今天 与 1 周后 之间',
    'Birthday is between today and 1 week from now',
  ],
  [{ user_id: { eq: '$me' } }, '负责人 = 本人', 'Owner = me'],
  [{ refund: { lte: { $field: 'amount' } } }, '退款 ≤ 金额', 'Refund ≤ Amount'],
  [{ name: { null: true } }, '姓名 为空', 'Name is empty'],
  [{ name: { eq: { $text: '$now' } } }, '姓名 为 “$now”', 'Name is "$now"'],
  [{ tier: { nin: [] } }, '等级 不属于（空）', 'Tier is none of (nothing)'],
  [{}, '不限', 'no condition'],
])('%j reads "%s" and "%s"', (predicate, zh, en) => {
  expect([printPredicate(predicate, SHOP, 'zh'), printPredicate(predicate, SHOP, 'en')]).toEqual([zh, en]);
});

test('plain conditions stay bare, so that indexes serve them', async () => {
  const column = (field: string) => sql.ref(`samples.${field}`);
  const text = (predicate: Predicate) =>
    predicateToSql(checkPredicate(predicate, CONTEXT), CONTEXT, { column, moment: MOMENT }).compile(t.db).sql;
  expect(text({ name: { eq: 'a' }, order_count: { gte: 1 } })).toBe(
    '("samples"."name" = $1::text and "samples"."order_count" >= $2::bigint)',
  );
  expect(text({ placed_at: { eq: '$today' } })).toBe(
    '("samples"."placed_at" >= $1::timestamptz and "samples"."placed_at" < $2::timestamptz)',
  );
  expect(text({ tier: { in: ['gold', 'silver'] } })).toBe('"samples"."tier" = any($1::text[])');

  await sql`create table samples as select no as order_count, now() as placed_at from generate_series(1, 20000) as no`.execute(
    t.owner,
  );
  await sql`create index on samples (order_count)`.execute(t.owner);
  await sql`create index on samples (placed_at)`.execute(t.owner);
  await sql`analyze samples`.execute(t.owner);
  const plain: Predicate[] = [
    { order_count: { in: [5, 6] } },
    { order_count: { lt: 9 } },
    { placed_at: { eq: '2020-01-01' } },
  ];
  for (const predicate of plain) {
    const where = predicateToSql(predicate, CONTEXT, { column, moment: MOMENT });
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select from samples where ${where}`.execute(t.owner);
    expect(rows.map((row) => row['QUERY PLAN']).join()).toMatch(/Index (Only )?Scan/);
  }
});
